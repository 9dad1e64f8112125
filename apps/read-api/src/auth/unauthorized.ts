import { ApiError } from '../api-error.js';

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="api"' };
const unauthorized = (body: object): ApiError => new ApiError(401, body, CHALLENGE);

export const noCredentials = (): ApiError => unauthorized({ detail: 'Authentication credentials were not provided.' });

export const badHeader = (): ApiError =>
  unauthorized({
    detail: 'Authorization header must contain two space-delimited values',
    code: 'bad_authorization_header',
  });

type TokenFault =
  | 'Token is invalid'
  | 'Token is expired'
  | "Token has no 'exp' claim"
  | 'Token has no id'
  | 'Token has no type'
  | 'Token has wrong type';

export const badToken = (message: TokenFault): ApiError =>
  unauthorized({
    detail: 'Given token not valid for any token type',
    code: 'token_not_valid',
    messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
  });

export const noUserInToken = (): ApiError =>
  unauthorized({ detail: 'Token contained no recognizable user identification', code: 'token_not_valid' });

export const userNotFound = (): ApiError => unauthorized({ detail: 'User not found', code: 'user_not_found' });
export const userInactive = (): ApiError => unauthorized({ detail: 'User is inactive', code: 'user_inactive' });

export const forbidden = (): ApiError =>
  new ApiError(403, { detail: 'You do not have permission to perform this action.' });
