import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import type { Address } from './address.ts';
import { Call } from './call.ts';
import { isOfSocket, unreachable, wordsForError } from './connection-errors.ts';
import { whoAnswers } from './who-answers.ts';

/** Of the flow control of HTTP/2: an update of a large program has some hundred kilobytes. */
const WINDOW = 2 ** 20;

/** A connection to a console-subscriber: as much of gRPC over HTTP/2 as it needs, without TLS. */
export class Channel {
  private readonly session: ClientHttp2Session;
  /** Why it ended or will end, in words to follow the address. */
  private reason: string | undefined;

  private hasSocketError = false;

  private constructor(session: ClientHttp2Session) {
    this.session = session;
    session.on('error', (error: NodeJS.ErrnoException) => {
      this.hasSocketError ||= isOfSocket(error);
      this.reason ??= wordsForError(error);
    });
    session.on('goaway', (code) => {
      this.reason ??= code === 0 ? 'said that it is going away (GOAWAY)' : `broke off (GOAWAY, code ${code})`;
    });
  }

  /**
   * @param patience milliseconds
   * @throws {UserError} nobody is there, or somebody else
   */
  static async open(address: Address, patience: number): Promise<Channel> {
    const session = connect(`http://${address.authority}`, {
      createConnection: () => connectSocket(address.socket),
      settings: { enablePush: false, initialWindowSize: WINDOW },
    });
    const channel = new Channel(session);
    const isThere = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => {
        channel.reason ??= `did not answer in ${patience / 1e3} s`;
        resolve(false);
      }, patience);
      const settle = (isOpen: boolean): void => {
        clearTimeout(timer);
        resolve(isOpen);
      };
      session.once('remoteSettings', () => settle(true));
      session.once('close', () => settle(false));
    });
    if (isThere) {
      session.setLocalWindowSize(WINDOW);
      return channel;
    }
    session.destroy();
    const what = channel.hasSocketError ? channel.reason : await whoAnswers(address);
    throw unreachable(address, what ?? 'closed the connection');
  }

  /**
   * Calls a method of the service.
   * @param onMessage is given each message of the answer; what it throws as a ProtocolError ends the call
   */
  call(method: string, request: Uint8Array, onMessage: (message: Buffer) => void): Call {
    return new Call(this.session, method, request, onMessage, () => this.reason);
  }

  /** Whether the other side answers in time. @param patience milliseconds */
  ping(patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patience);
      const answer = (isThere: boolean): void => {
        clearTimeout(timer);
        resolve(isThere);
      };
      try {
        if (!this.session.ping((error) => answer(error === null))) answer(false);
      } catch {
        answer(false);
      }
    });
  }

  /** @param reason of calls that are still open */
  close(reason?: string): void {
    this.reason ??= reason;
    this.session.destroy();
  }
}
