import { sign } from 'jsonwebtoken';
import { DEVELOPMENT_SECRET_KEY } from '@freshet/service-kit';

/** Where the suite's own stack lives unless the environment names another. */
export const PLACE = { FRESHET_STACK_DIR: '.stack-faults', FRESHET_STACK_PORTS_FROM: '27432' };

/** Of user 1, whom the scene makes an admin. */
export const authorization = `Bearer ${sign(
  { token_type: 'access', jti: 'faults', user_id: 1 },
  DEVELOPMENT_SECRET_KEY,
  {
    expiresIn: '24h',
  },
)}`;
