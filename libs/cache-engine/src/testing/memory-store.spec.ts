import { MemoryStore } from './memory-store.js';
import { storeContract } from './store-contract.js';

storeContract('the store in memory', async () => {
  const store = new MemoryStore();
  return { entries: store, changes: store, others: new MemoryStore({}, store.state), close: async () => undefined };
});
