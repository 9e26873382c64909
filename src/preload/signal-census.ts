import { type SharedState, WORD } from './shared-state.ts';

/** Node's native signal handle (src/signal_wrap.cc). */
export interface SignalHandle {
  onsignal: (signal: number) => void;
  start(signal: number): number;
  stop(): number;
  close(): void;
}

/**
 * Keeps account, in `shared`, of the signals that the program itself listens to, so that the control thread knows at
 * once what a signal would do without us. The program sees nothing of it: no listener of ours is on `process`, and no
 * frame of ours is in the stack of its listeners.
 */
export function countSignalListeners(shared: SharedState): void {
  const prototype = signalPrototype();
  if (prototype === undefined) return;
  const { start, stop } = prototype;
  // `close` is inherited from all handles; ours must only be for signals.
  const { close } = prototype;
  const active = new WeakMap<SignalHandle, number>();
  const listeners = new WeakMap<SignalHandle, SignalHandle['onsignal']>();

  prototype.start = function (this: SignalHandle, signal) {
    const error = start.call(this, signal);
    if (error === 0) {
      release(this);
      active.set(this, signal);
      Atomics.add(shared, WORD.caught + signal, 1);
    }
    return error;
  };
  prototype.stop = function (this: SignalHandle) {
    release(this);
    return stop.call(this);
  };
  prototype.close = function (this: SignalHandle, ...rest: []) {
    release(this);
    close.apply(this, rest);
  };
  // Native code reads `onsignal` when it has a signal to deliver, and at no other time: a `once` listener is gone by
  // the time the control thread looks, but it was there.
  Object.defineProperty(prototype, 'onsignal', {
    configurable: true,
    get(this: SignalHandle) {
      const signal = active.get(this);
      if (signal !== undefined) Atomics.add(shared, WORD.dispatched + signal, 1);
      return listeners.get(this);
    },
    set(this: SignalHandle, listener: SignalHandle['onsignal']) {
      listeners.set(this, listener);
    },
  });

  function release(handle: SignalHandle): void {
    const signal = active.get(handle);
    if (signal === undefined) return;
    active.delete(handle);
    Atomics.sub(shared, WORD.caught + signal, 1);
  }
}

/**
 * The prototype of signal handles. Node gives it to no one (process.binding refuses since node 24), but it assigns
 * `onsignal` to a new handle when a listener is added: a setter on Object.prototype, there for one call, sees it.
 */
function signalPrototype(): SignalHandle | undefined {
  let handle: SignalHandle | undefined;
  Object.defineProperty(Object.prototype, 'onsignal', {
    configurable: true,
    set(this: SignalHandle, value: unknown) {
      handle = this;
      Object.defineProperty(this, 'onsignal', { value, writable: true, configurable: true, enumerable: true });
    },
  });
  const listener = (): void => {};
  try {
    // A signal that does no harm by default, and that hardly anybody uses.
    process.on('SIGWINCH', listener);
    process.removeListener('SIGWINCH', listener);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'onsignal');
  }
  return handle === undefined ? undefined : Object.getPrototypeOf(handle);
}
