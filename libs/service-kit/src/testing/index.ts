export { SpanReceiver, type ReceivedSpan } from './span-receiver.js';
