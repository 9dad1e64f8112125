import { Watchdog } from './watchdog.js';

function watched(): { dog: Watchdog; looks: (n: number) => void; deaths: () => number } {
  let deaths = 0;
  const dog = new Watchdog({ patience: 3, onDead: () => (deaths += 1) });
  return { dog, looks: (n) => Array.from({ length: n }).forEach(() => dog.look()), deaths: () => deaths };
}

describe('Watchdog', () => {
  test('silence makes it unhealthy, twice as much ends it once', () => {
    const { dog, looks, deaths } = watched();
    looks(3);
    expect(dog.stalled).toBe(false);
    looks(1);
    expect(dog.stalled).toBe(true);
    looks(2);
    expect(deaths()).toBe(0);
    looks(9);
    expect(deaths()).toBe(1);
  });

  test('a sign of life makes it healthy again', () => {
    const { dog, looks, deaths } = watched();
    looks(6);
    dog.signOfLife();
    looks(1);
    expect(dog.stalled).toBe(false);
    looks(5);
    expect(deaths()).toBe(0);
  });
});
