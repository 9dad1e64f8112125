import { Budget } from './budget.js';

/** A read API that reads the database 50 times between two looks at its count, and starts again when it is told. */
function busy() {
  const state = { count: 1000, own: 0, pauses: 0 };
  const budget = new Budget({
    share: 0.01,
    allReads: async () => state.count,
    ownReads: () => state.own,
    pause: async () => {
      state.pauses += 1;
      state.count += 50;
    },
  });
  return { state, budget };
}

it('lets one look through for each hundred reads since it began', async () => {
  const { state, budget } = busy();
  for (let i = 0; i < 3; i++) {
    await budget.allowance();
    state.own += 1;
  }
  expect([state.pauses, budget.allReads]).toEqual([6, 300]);
});

it('counts a look that has not read yet', async () => {
  const { state, budget } = busy();
  await budget.allowance();
  await budget.allowance();
  expect([state.pauses, budget.allReads]).toEqual([4, 200]);
});

it('counts on where the read API began anew', async () => {
  const { state, budget } = busy();
  await budget.allowance();
  state.own = 1;
  state.count = 20;
  await budget.allowance();
  expect(budget.allReads).toBeGreaterThanOrEqual(200);
});
