import { Plans } from './plans.js';

it('a text keeps its name until plans are forgotten', () => {
  const plans = new Plans();
  const before = plans.nameOf('SELECT 1');
  expect(plans.nameOf('SELECT 1')).toBe(before);
  plans.forget();
  expect(plans.nameOf('SELECT 1')).not.toBe(before);
});

it('only so many texts get a plan', () => {
  const plans = new Plans();
  const names = Array.from({ length: 600 }, (_, i) => plans.nameOf(`SELECT ${i}`));
  expect(new Set(names.filter((name) => name !== undefined)).size).toBe(500);
  expect(plans.nameOf('SELECT 0')).toBe(names[0]);
});

it('names fit into what PostgreSQL keeps of them', () => expect(new Plans().nameOf('x')?.length).toBeLessThan(63));
