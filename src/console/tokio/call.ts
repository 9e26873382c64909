import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { wordsForError } from './connection-errors.ts';
import { framed, MessageFrames } from './message-frames.ts';
import { ProtocolError } from './message-reader.ts';

const SERVICE = '/rs.tokio.console.instrument.Instrument/';
/** Longest text of a status that is passed on. */
const TEXT_LENGTH = 200;

/** gRPC's status codes by name (grpc/doc/statuscodes.md). */
const STATUS = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

/** How a call ended. */
export interface CallEnd {
  /** gRPC's name of it; undefined where the other side broke off without one. */
  readonly status: string | undefined;
  /** In words to follow the address: `answered HTTP 404`. */
  readonly text: string;
}

/** A call of a method of gRPC: one request, any number of messages as answer. */
export class Call {
  /** Never rejects. */
  readonly ended: Promise<CallEnd>;
  private stream: ClientHttp2Stream | undefined;
  private status: string | undefined;
  private text: string | undefined;

  /**
   * @param onMessage is given each message; a ProtocolError that it throws ends the call
   * @param reasonOfChannel why the connection broke, if it did
   */
  constructor(
    session: ClientHttp2Session,
    method: string,
    request: Uint8Array,
    onMessage: (message: Buffer) => void,
    reasonOfChannel: () => string | undefined,
  ) {
    this.ended = new Promise((resolve) => {
      try {
        const stream = session.request({
          ':method': 'POST',
          ':path': SERVICE + method,
          'content-type': 'application/grpc',
          te: 'trailers',
        });
        this.stream = stream;
        stream.end(framed(request));
        this.listen(stream, onMessage, reasonOfChannel, () => {
          resolve({ status: this.status, text: this.text ?? 'broke off the connection' });
        });
      } catch {
        // The session is closed, or about to be
        resolve({ status: undefined, text: reasonOfChannel() ?? 'closed the connection' });
      }
    });
  }

  cancel(): void {
    this.text ??= 'was left';
    this.stream?.close(constants.NGHTTP2_CANCEL);
  }

  private listen(
    stream: ClientHttp2Stream,
    onMessage: (message: Buffer) => void,
    reasonOfChannel: () => string | undefined,
    onEnd: () => void,
  ): void {
    const frames = new MessageFrames();
    stream.on('response', (headers) => this.takeResponse(headers));
    stream.on('trailers', (headers) => this.takeStatus(headers));
    stream.on('data', (bytes: Buffer) => {
      if (this.text !== undefined) return;
      try {
        for (const message of frames.push(bytes)) onMessage(message);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.fail(`sent what is no message of a console-subscriber: ${error.message}`);
      }
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Those of HTTP/2 say less than the code and the channel
      if (!error.code?.startsWith('ERR_')) this.text ??= wordsForError(error);
    });
    stream.on('close', () => {
      const code = stream.rstCode;
      if (this.status === 'OK' && !frames.isCut) this.text ??= 'ended the stream';
      this.text ??= reasonOfChannel();
      if (frames.isCut) this.text ??= 'broke off in the middle of a message';
      if (code > 0 && code !== constants.NGHTTP2_CANCEL) this.text ??= `reset the stream (code ${code})`;
      onEnd();
    });
  }

  private takeResponse(headers: IncomingHttpHeaders & { ':status'?: number | undefined }): void {
    const status = headers[':status'];
    const type = headers['content-type'] ?? '';
    if (status !== 200) this.fail(`answered HTTP ${status}, and is no console-subscriber`);
    else if (!/^application\/grpc\b/.test(type)) this.fail('does not speak gRPC: it is no console-subscriber');
    else this.takeStatus(headers);
  }

  /** Of trailers, or of headers where there is nothing but a status. */
  private takeStatus(headers: IncomingHttpHeaders): void {
    const code = headers['grpc-status'];
    if (code === undefined) return;
    this.status = STATUS[Number(code)] ?? `code ${String(code).slice(0, TEXT_LENGTH)}`;
    if (this.status === 'OK') return;
    const message = decoded(String(headers['grpc-message'] ?? '')).slice(0, TEXT_LENGTH);
    this.text ??= message === '' ? `answered ${this.status}` : `answered ${this.status}: ${message}`;
  }

  private fail(text: string): void {
    this.text ??= text;
    this.stream?.close(constants.NGHTTP2_CANCEL);
  }
}

/** gRPC percent-encodes what is not ASCII; what is not encoded rightly is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
