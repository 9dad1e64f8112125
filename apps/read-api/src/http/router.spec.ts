import { type Route } from '../route.js';
import { Router } from './router.js';

const route = (path: string): Route => ({ path, access: 'signed-in', views: [] });
const router = new Router(
  ['/api/', '/api/things/', '/api/things/top/', '/api/things/:id/', '/api/bills/:id#/', '/api/things/:id/parts/'].map(
    route,
  ),
);
const found = (path: string): unknown => {
  const match = router.match(path);
  return match?.kind === 'route' ? [match.route.path, match.path['id']] : match?.kind;
};

it.each([
  ['/api/', ['/api/', undefined]],
  ['/api/things/', ['/api/things/', undefined]],
  ['/api/things/top/', ['/api/things/top/', undefined]],
  ['/api/things/7/', ['/api/things/:id/', '7']],
  ['/api/things/abc/', ['/api/things/:id/', 'abc']],
  ['/api/things/%31/', ['/api/things/:id/', '1']],
  ['/api/things/7/parts/', ['/api/things/:id/parts/', '7']],
  ['/api/bills/7/', ['/api/bills/:id#/', '7']],
  ['/api/things', 'slash'],
  ['/api/things/7', 'slash'],
  ['/api', 'slash'],
  ['/api/bills/x/', undefined],
  ['/api/bills/-7/', undefined],
  ['/api/things/1.0/', undefined],
  ['/api/things/7.json', undefined],
  ['/api//things/', undefined],
  ['//api/things/', undefined],
  ['/api/things/a%2Fb/', undefined],
  ['/api/things/%E0%A4/', undefined],
  ['/api/nothing', undefined],
])('%s leads to %j', (path, expected) => expect(found(path)).toEqual(expected));
