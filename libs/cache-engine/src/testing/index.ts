export { MemoryStore } from './memory-store.js';
export { storeContract, type StoreUnderTest } from './store-contract.js';
