export { MemoryStore } from './memory-store.js';
export { SmallEngine } from './small-engine.js';
export { catalog, changeOf, facts, requestOf, SmallDatabase } from './small-world.js';
export { storeContract, type StoreUnderTest } from './store-contract.js';
