/** A shorter way (px) of the pointer is a click. */
const LEAST_DRAG = 4;
/** What a step of the keys moves, as a part of the width, and how much it zooms. */
const PAN_STEP = 1 / 6;
const ZOOM_STEP = 1.5;
/** Factor by which one px of the wheel zooms. */
const WHEEL = 1.0022;
/** Px of a line, for wheels that turn by lines. */
const LINE = 16;

export interface GestureEvents {
  /** Moves the view to the right. */
  pan(pixels: number): void;
  /** Shows `factor` times as much. @param x what stays in its place, px */
  zoom(factor: number, x: number): void;
  /** Everything again. */
  reset(): void;
  click(event: PointerEvent): void;
  point(event: PointerEvent): void;
  leave(event: PointerEvent): void;
}

/** Wheel, drag and keys of something that scrolls up and down, and zooms and pans sideways. */
export function listenToGestures(host: HTMLElement, events: GestureEvents): void {
  let drag: { x: number; y: number; moved: boolean } | undefined;
  host.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const step = event.deltaMode === 1 ? LINE : 1;
      if (event.shiftKey) host.scrollTop += (event.deltaY || event.deltaX) * step;
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) events.pan(event.deltaX * step);
      else events.zoom(WHEEL ** (event.deltaY * step), event.clientX - host.getBoundingClientRect().left);
    },
    { passive: false },
  );
  host.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || (event.target as HTMLElement).closest('button')) return;
    drag = { x: event.clientX, y: event.clientY, moved: false };
  });
  host.addEventListener('pointermove', (event) => {
    if (drag === undefined) {
      events.point(event);
      return;
    }
    const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(right, down) < LEAST_DRAG) return;
    if (!drag.moved) host.setPointerCapture(event.pointerId);
    drag = { x: event.clientX, y: event.clientY, moved: true };
    host.scrollTop -= down;
    events.pan(-right);
  });
  host.addEventListener('pointerup', (event) => {
    const isClick = drag?.moved === false;
    drag = undefined;
    if (isClick) events.click(event);
  });
  host.addEventListener('pointercancel', () => {
    drag = undefined;
  });
  host.addEventListener('pointerleave', (event) => events.leave(event));
  host.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const middle = host.clientWidth / 2;
    if (key === 'ArrowLeft') events.pan(-host.clientWidth * PAN_STEP);
    else if (key === 'ArrowRight') events.pan(host.clientWidth * PAN_STEP);
    else if (key === '+' || key === '=') events.zoom(1 / ZOOM_STEP, middle);
    else if (key === '-') events.zoom(ZOOM_STEP, middle);
    else if (key === '0') events.reset();
    else return;
    event.preventDefault();
  });
}
