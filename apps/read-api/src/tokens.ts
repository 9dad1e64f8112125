/** What the module's providers are injected by. */
export const SETTINGS = Symbol('Settings');
export const LOGGER = Symbol('Logger');
export const POOL = Symbol('Pool');
export const DATABASE_CLOCK = Symbol('DatabaseClock');
export const SOURCE = Symbol('Source');
export const REDIS = Symbol('Redis');
export const NEAR = Symbol('Near');
export const STORE = Symbol('Store');
export const STATEMENTS = Symbol('Statements');
export const SCHEMA_WATCH = Symbol('SchemaWatch');
export const BACKGROUND = Symbol('Background');
export const READER = Symbol('Reader');
export const ROUTES = Symbol('Routes');
export const VIEWS = Symbol('Views');
export const API = Symbol('Api');
