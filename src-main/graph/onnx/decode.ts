import { decoder } from '../protobuf.ts';
import { schema, type Messages } from './schema.ts';

export { MAX_MESSAGE_DEPTH, MAX_MESSAGES } from '../protobuf.ts';

/** Decodes a message of the ONNX file format; it throws as `decoder` says. */
export const decode = decoder<Messages>(schema);
