// The frame of the panel: header, tabs, a grid of cards.
import { css } from "lit";

export const panelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100vh;
    height: 100dvh;
    background: var(--primary-background-color, #fafafa);
  }
  header {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 56px;
    padding: 0 12px;
    padding-top: env(safe-area-inset-top, 0px);
    color: var(--app-header-text-color, var(--cw-text));
    background: var(--app-header-background-color, var(--cw-card));
    border-bottom: 1px solid var(--cw-line);
  }
  h1 {
    font-size: 20px;
    font-weight: 400;
    line-height: 56px;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    min-width: 0;
    margin-right: 16px;
  }
  header > * {
    flex: none;
  }
  header > h1 {
    flex: 0 1 auto;
  }
  :host([narrow]) h1 {
    margin-right: 0;
  }
  :host([narrow]) header select {
    border-color: transparent;
    max-width: 56vw;
    font-size: 18px;
    text-overflow: ellipsis;
  }
  header > .fill {
    flex: 1;
  }
  header button {
    color: inherit;
  }
  .gear {
    padding: 0;
    border-radius: 50%;
  }
  .tabs {
    display: flex;
    align-self: stretch;
  }
  .tabs button {
    border: none;
    border-radius: 0;
    color: inherit;
    min-height: 56px;
    padding: 0 16px;
    font-weight: 500;
    border-bottom: 3px solid transparent;
    border-top: 3px solid transparent;
  }
  .tabs button[aria-selected="true"] {
    border-bottom-color: currentColor;
  }
  .tabs button:focus-visible {
    outline-offset: -4px;
    outline-color: currentColor;
  }
  main {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    display: grid;
    grid-template-columns: repeat(6, minmax(0, 1fr));
    grid-auto-rows: min-content;
    align-content: start;
    gap: 16px;
    padding: 16px max(16px, calc((100% - 1320px) / 2)) 32px;
  }
  .wide,
  .notices {
    grid-column: 1 / -1;
  }
  .notices:empty,
  .notices:not(:has(p)) {
    display: none;
  }
  .main {
    grid-column: span 4;
    align-self: start;
  }
  .side {
    grid-column: span 2;
    display: grid;
    gap: 16px;
    align-content: start;
  }
  section.side {
    display: block;
  }
  main.proof .main,
  main.proof .side,
  .half {
    grid-column: span 3;
  }
  main > .card.wide {
    padding: 24px;
  }
  .card > button {
    margin-top: 12px;
  }
  .notices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .notice {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    font-size: 14px;
    line-height: 20px;
    padding: 4px 12px;
    border-radius: 14px;
    background: var(--cw-tint);
  }
  .notice.offline,
  .notice.bad {
    background: color-mix(in srgb, var(--warning-color, #ffa600) 22%, var(--cw-card));
  }
  .waiting {
    grid-column: 1 / -1;
  }
  .alone {
    display: grid;
    justify-items: center;
    align-content: center;
    text-align: center;
    gap: 12px;
    padding: 56px 24px;
  }
  .alone p {
    max-width: 46ch;
    line-height: 22px;
  }
  .circle {
    width: 112px;
    height: 112px;
    border-radius: 50%;
    background: var(--cw-accent);
    color: var(--cw-on-accent);
    display: grid;
    place-items: center;
  }
  .switch {
    display: inline-flex;
  }
  .switch button {
    border-radius: 0;
    margin-left: -1px;
    font-size: 13px;
    padding: 0 14px;
  }
  .switch button:first-child {
    border-radius: 22px 0 0 22px;
  }
  .switch button:last-child {
    border-radius: 0 22px 22px 0;
  }
  .switch button[aria-pressed="true"] {
    color: var(--cw-text);
    background: var(--cw-tint);
    border-color: var(--cw-accent);
    z-index: 1;
  }
  select {
    font: inherit;
    font-size: 14px;
    color: inherit;
    background: transparent;
    border: 1px solid currentColor;
    border-radius: 8px;
    min-height: 40px;
    max-width: 38vw;
    padding: 0 8px;
  }
  option {
    color: #212121;
    background: #fff;
  }
  :host([narrow]) main {
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    padding: 12px 8px 24px;
  }
  :host([narrow]) main > *,
  :host([narrow]) main.proof > * {
    grid-column: 1;
  }
  :host([narrow]) .card,
  :host([narrow]) main > .card.wide {
    padding: 16px;
  }
  :host([narrow]) .tabs {
    flex: none;
    align-self: auto;
    justify-content: space-around;
    background: var(--cw-card);
    border-top: 1px solid var(--cw-line);
    padding-bottom: env(safe-area-inset-bottom, 0px);
  }
  :host([narrow]) .tabs button {
    flex: 1;
    flex-direction: column;
    gap: 2px;
    padding: 6px 0 4px;
    min-width: 0;
    font-size: 12px;
    color: var(--cw-quiet);
    border: none;
  }
  :host([narrow]) .tabs button[aria-selected="true"] {
    color: var(--cw-accent);
    background: none;
  }
  :host([narrow]) .tabs button .icon {
    padding: 2px 14px;
    width: 52px;
    height: 28px;
    border-radius: 14px;
  }
  :host([narrow]) .tabs button[aria-selected="true"] .icon {
    background: var(--cw-tint);
  }
  .stacked {
    margin: 0 0 8px;
    font-size: 14px;
    line-height: 20px;
  }
`;
