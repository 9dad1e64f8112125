export { type NearFront } from './channels.js';
export { type Exploration, explore } from './explore.js';
export { MemoryStore } from './memory-store.js';
export { ProtocolWorld } from './protocol-world.js';
export { type Parts, realParts, type Scenario } from './scenario.js';
export { SmallEngine } from './small-engine.js';
export { catalog, changeOf, facts, knownStatements, requestOf, SmallDatabase } from './small-world.js';
export { storeContract, type StoreUnderTest } from './store-contract.js';
