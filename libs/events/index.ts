/** How a fact leaves one service and reaches another: outbox, feed, inbox. */
export { tell, readFeed, watchOutbox, type Fact, type Event, type Feed } from './outbox.ts';
export { follow, type Following, type Handlers } from './inbox.ts';
export { httpFeed } from './httpFeed.ts';
