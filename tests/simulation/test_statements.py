"""The statements of a simulated neighbourhood: from real nodes to files on a disk."""

from pathlib import Path

from tools import statements


def test_a_neighbourhood_leaves_statements_that_agree_with_each_other(
    tmp_path: Path,
) -> None:
    books = statements.Books()

    names = statements.live(books, seed=3, periods=6)
    roots = statements.daily_roots(books)
    files = statements.write(books, names, tmp_path, language="fr")

    assert files == 2 * len(names) + 1 == len(list(tmp_path.iterdir()))
    assert len(roots) == 1
    local_wh = sum(settlement.energy_wh for settlement in books.settlements)
    assert 0 < books.certified_wh <= local_wh
    bought = sum(
        int(row.split(",")[1])
        for name in names.values()
        for row in (tmp_path / f"{name}.csv").read_text("utf-8").splitlines()
        if row.startswith("of which from neighbours")
    )
    shared = sum(
        int(row.split(",")[4])
        for row in (tmp_path / "coefficients.csv").read_text("utf-8").splitlines()[1:]
        if row.split(",")[3] != "grid"
    )
    assert bought == shared == local_wh
    assert "Relevé" in (tmp_path / "cafe.html").read_text("utf-8")


def test_the_same_seed_leaves_the_same_root() -> None:
    roots = []
    for _ in range(2):
        books = statements.Books()
        statements.live(books, seed=3, periods=3)
        roots.append(statements.daily_roots(books))

    assert roots[0] == roots[1] != {}
