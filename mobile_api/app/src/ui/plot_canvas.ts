/** Draws a curve with uPlot: it makes the scales and axes, we the usual range and the line. A file of its own, so that it
 * comes only where a curve is shown. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { listDays, type Plot } from "../lib/plot.ts";

export interface PlotOptions {
  /** One of several side by side. */
  small: boolean;
  today: string;
}

interface Look {
  color: (name: string) => string;
  font: (weight: number, share?: number) => string;
  em: number;
}

/** Draws into `box` and anew when its size or the colours change. Gives the function that ends it. */
export function drawPlot(box: HTMLElement, plot: Plot, options: PlotOptions): () => void {
  let drawn: uPlot | null = null;
  const draw = () => {
    drawn?.destroy();
    const { width, height } = box.getBoundingClientRect();
    drawn = new uPlot(configure(plot, options, lookOf(box), width, height), dataOf(plot), box);
  };
  const resized = new ResizeObserver(draw);
  resized.observe(box);
  const media = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));
  for (const one of media) one.addEventListener("change", draw);
  return () => {
    resized.disconnect();
    for (const one of media) one.removeEventListener("change", draw);
    drawn?.destroy();
  };
}

const dataOf = (plot: Plot): uPlot.AlignedData => [
  plot.points.map((point) => point.x),
  plot.points.map((point) => point.y),
];

function lookOf(box: HTMLElement): Look {
  const styles = getComputedStyle(box);
  const em = Number.parseFloat(styles.fontSize);
  return {
    color: (name) => styles.getPropertyValue(name).trim(),
    font: (weight, share = 1) => `${weight} ${em * share}px ${styles.fontFamily}`,
    em,
  };
}

function configure(
  plot: Plot,
  options: PlotOptions,
  look: Look,
  width: number,
  height: number,
): uPlot.Options {
  const backwards = document.dir === "rtl";
  const { em } = look;
  return {
    width,
    height,
    padding: [em * 0.6, backwards ? 0 : em, 0, backwards ? em : 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: [0, plot.lastDay], dir: backwards ? -1 : 1 },
      y: { range: [plot.low, plot.high] },
    },
    series: [{}, { paths: () => null, points: { show: false } }],
    axes: [dayAxis(plot, options, look), wordAxis(plot, options, look, backwards)],
    hooks: {
      drawClear: [(u) => drawBands(u, plot, look)],
      draw: [(u) => drawLine(u, plot, options, look), (u) => drawToday(u, plot, options, look)],
    },
  };
}

function dayAxis(plot: Plot, options: PlotOptions, look: Look): uPlot.Axis {
  const days = options.small ? [0, plot.lastDay] : listDays(plot);
  const name = (day: number) => (day === plot.today && !options.small ? "" : `${day}`);
  return {
    splits: () => days,
    values: (_u, splits) => splits.map(name),
    font: look.font(500),
    stroke: look.color("--ink-2"),
    size: look.em * 1.9,
    gap: look.em * 0.4,
    grid: { show: false },
    ticks: { show: false },
  };
}

/** Words beside the curve; in a small one only those of both ends. */
function wordAxis(plot: Plot, options: PlotOptions, look: Look, backwards: boolean): uPlot.Axis {
  const last = plot.ticks.length - 1;
  const labels = plot.ticks.map(({ label }, i) => (options.small && i > 0 && i < last ? "" : label));
  return {
    side: backwards ? 1 : 3,
    splits: () => plot.ticks.map((tick) => tick.at),
    values: () => labels,
    font: look.font(500),
    stroke: look.color("--ink-2"),
    size: widest(labels, look) + look.em * 0.8,
    gap: look.em * 0.5,
    grid: { stroke: look.color("--line"), width: 1 },
    ticks: { show: false },
  };
}

function widest(labels: string[], look: Look): number {
  const context = document.createElement("canvas").getContext("2d")!;
  context.font = look.font(500);
  const lines = labels.flatMap((label) => label.split("\n"));
  return Math.max(...lines.map((line) => context.measureText(line).width));
}

/** The usual range: a filled step a row of the plan, with a dotted edge, so that it is seen without its colour. */
function drawBands(u: uPlot, plot: Plot, look: Look): void {
  const { ctx } = u;
  ctx.save();
  ctx.fillStyle = look.color("--band");
  ctx.strokeStyle = look.color("--band-edge");
  ctx.lineWidth = 1.25 * uPlot.pxRatio;
  ctx.setLineDash([2 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
  for (const band of plot.bands) {
    const [left, right] = [band.from, band.to].map((day) => Math.round(u.valToPos(day, "x", true))) as [
      number,
      number,
    ];
    const [top, bottom] = [band.high, band.low].map((at) => Math.round(u.valToPos(at, "y", true))) as [
      number,
      number,
    ];
    ctx.fillRect(Math.min(left, right), top, Math.abs(right - left), bottom - top);
    for (const edge of [top, bottom]) {
      ctx.beginPath();
      ctx.moveTo(left, edge);
      ctx.lineTo(right, edge);
      ctx.stroke();
    }
  }
  ctx.restore();
}

function drawLine(u: uPlot, plot: Plot, options: PlotOptions, look: Look): void {
  const { ctx } = u;
  const px = uPlot.pxRatio;
  const at = plot.points.map(({ x, y }) => [u.valToPos(x, "x", true), u.valToPos(y, "y", true)] as const);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = look.color("--series");
  ctx.lineCap = "round";
  ctx.lineWidth = (options.small ? 2 : 3) * px;
  for (const line of plot.lines) {
    ctx.setLineDash(line.dotted ? [px, 7 * px] : []);
    ctx.beginPath();
    ctx.moveTo(...at[line.from]!);
    ctx.lineTo(...at[line.to]!);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.strokeStyle = look.color("--surface");
  ctx.lineWidth = (options.small ? 1.5 : 2.5) * px;
  plot.points.forEach((point, i) => {
    ctx.beginPath();
    ctx.arc(...at[i]!, (point.isNewest ? 7 : 5) * (options.small ? 0.6 : 1) * px, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  });
  ctx.restore();
}

/** A dotted line where today is, and its name below. */
function drawToday(u: uPlot, plot: Plot, options: PlotOptions, look: Look): void {
  const { ctx, bbox } = u;
  const px = uPlot.pxRatio;
  const x = u.valToPos(plot.today, "x", true);
  ctx.save();
  ctx.strokeStyle = look.color("--control");
  ctx.lineWidth = px;
  ctx.setLineDash([3 * px, 3 * px]);
  ctx.globalCompositeOperation = "destination-over";
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
  if (options.small) return;
  ctx.save();
  ctx.fillStyle = look.color("--ink");
  ctx.font = look.font(650, px);
  ctx.textBaseline = "top";
  const half = ctx.measureText(options.today).width / 2;
  ctx.textAlign = "center";
  const within = Math.min(Math.max(x, half), ctx.canvas.width - half);
  ctx.fillText(options.today, within, bbox.top + bbox.height + look.em * 0.4 * px);
  ctx.restore();
}
