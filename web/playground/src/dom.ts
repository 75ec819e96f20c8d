// Elements of the page. Text from the sandbox becomes text nodes, never markup.

/** The element of an id, which must be there. */
export function at<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** Makes an element with a class, text, and children. */
export function make(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** A size for people. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB"];
  let n = bytes, unit = "B";
  while (n >= 1024 && units.length > 0) {
    n /= 1024;
    unit = units.shift()!;
  }
  return `${n < 10 ? n.toFixed(1) : Math.round(n)} ${unit}`;
}

/** Gives the person a file. */
export function save(name: string, data: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
