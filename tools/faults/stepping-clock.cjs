// node --require tools/faults/stepping-clock.cjs: a process whose wall clock is off by the milliseconds in the file FRESHET_CLOCK_FILE. It
// looks when it starts, and again at each SIGUSR2. As on a host whose clock is stepped, timers and the monotonic clock do not notice.
const { readFileSync } = require('node:fs');

const RealDate = Date;
let offMs = 0;
const look = () => {
  offMs = Number(readFileSync(process.env.FRESHET_CLOCK_FILE, 'utf8'));
};

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offMs);
    else super(...args);
  }
  static now() {
    return RealDate.now() + offMs;
  }
};
process.on('SIGUSR2', look);
look();
