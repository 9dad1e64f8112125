import { type Machine } from './machine.js';
import { type Cell, type Report, type Table, type Verdict } from './suite.js';

/** The report as it is printed: where it was made, the tables, what was promised and what came of it. */
export function reportText(command: string, at: Machine, report: Report): string {
  const versions = Object.entries(at.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${command}   ${at.date}`,
    `${at.cpu}, ${at.memoryGiB} GiB, load before ${at.loadBefore}; ${versions.join(', ')}`,
    ...report.tables.map(tableText),
    ...(report.verdicts.length === 0 ? [] : [report.verdicts.map(verdictText).join('\n')]),
    ...(report.notes.length === 0 ? [] : [report.notes.map((note) => `- ${note}`).join('\n')]),
  ].join('\n\n');
}

export function tableText({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows.map((row) => row.map(cellText))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? '').length)));
  const lines = cells.map((row) =>
    row
      .map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  return [title, head, '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...body].join('\n');
}

function verdictText({ id, target, measured, met }: Verdict): string {
  return `${id}  ${met ? 'met   ' : 'MISSED'}  ${measured}  (target: ${target})`;
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return Number.isInteger(cell) ? cell.toLocaleString('en-US').replaceAll(',', ' ') : cell.toFixed(2);
}
