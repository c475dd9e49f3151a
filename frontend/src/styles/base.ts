// One look for panel and cards: Home Assistant's variables, one accent, much air.
import { css } from "lit";

export const tokens = css`
  :host {
    --cw-accent: var(--commonwatt-accent-color, #0b7a6b);
    --cw-on-accent: #ffffff;
    --cw-solar: var(--energy-solar-color, #ff9800);
    --cw-grid: var(--energy-grid-consumption-color, #488fc2);
    --cw-grid-out: var(--energy-grid-return-color, #8353d1);
    --cw-battery-in: var(--energy-battery-in-color, #f06292);
    --cw-battery-out: var(--energy-battery-out-color, #4db6ac);
    --cw-text: var(--primary-text-color, #212121);
    --cw-quiet: var(--secondary-text-color, #5e5e5e);
    --cw-line: var(--divider-color, rgba(0, 0, 0, 0.12));
    --cw-card: var(--ha-card-background, var(--card-background-color, #fff));
    --cw-tint: color-mix(in srgb, var(--cw-accent) 12%, transparent);
    color: var(--cw-text);
    font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
    -webkit-font-smoothing: antialiased;
  }
  :host([dark]) {
    --cw-accent: var(--commonwatt-accent-color, #4fd1bd);
    --cw-on-accent: #00201b;
  }
`;

export const base = css`
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: 18px;
    font-weight: 500;
    line-height: 24px;
    letter-spacing: -0.005em;
  }
  h3 {
    font-size: 14px;
    font-weight: 500;
    line-height: 20px;
  }
  .card {
    background: var(--cw-card);
    border: var(--ha-card-border-width, 1px) solid var(--ha-card-border-color, var(--cw-line));
    border-radius: var(--ha-card-border-radius, 12px);
    box-shadow: var(--ha-card-box-shadow, none);
    padding: 20px;
    min-width: 0;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 2px 16px;
    margin-bottom: 14px;
  }
  .quiet {
    color: var(--cw-quiet);
  }
  .small {
    font-size: 13px;
    line-height: 18px;
  }
  .num {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .icon {
    display: block;
    flex: none;
  }
  .empty {
    color: var(--cw-quiet);
    font-size: 14px;
    line-height: 20px;
    padding: 6px 0;
    max-width: 60ch;
  }
  button {
    font: inherit;
    font-size: 14px;
    font-weight: 500;
    color: var(--cw-accent);
    background: none;
    border: 1px solid var(--cw-line);
    border-radius: 22px;
    min-height: 44px;
    min-width: 44px;
    padding: 0 18px;
    cursor: pointer;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
  }
  button.filled {
    background: var(--cw-accent);
    border-color: transparent;
    color: var(--cw-on-accent);
  }
  button.plain {
    border-color: transparent;
    padding: 0 12px;
  }
  button:hover {
    background: var(--cw-tint);
  }
  button.filled:hover {
    background: color-mix(in srgb, var(--cw-accent) 88%, var(--cw-text));
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button:focus-visible,
  a:focus-visible,
  summary:focus-visible,
  input:focus-visible,
  [tabindex]:focus-visible {
    outline: 2px solid var(--cw-accent);
    outline-offset: 2px;
  }
  .rows > li {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 48px;
    padding: 6px 0;
    border-top: 1px solid var(--cw-line);
  }
  .rows > li:first-child {
    border-top: none;
  }
  .rows .grow {
    flex: 1;
    min-width: 0;
  }
  .rows .icon {
    color: var(--cw-quiet);
  }
  .chip {
    display: inline-block;
    font-size: 12px;
    line-height: 20px;
    padding: 0 8px;
    border-radius: 10px;
    background: var(--cw-tint);
    color: var(--cw-text);
    white-space: nowrap;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  details > summary {
    cursor: pointer;
    min-height: 44px;
    display: flex;
    align-items: center;
    font-weight: 500;
    font-size: 14px;
    color: var(--cw-accent);
  }
  @media (prefers-reduced-motion: no-preference) {
    button {
      transition: background-color 120ms;
    }
  }
`;
