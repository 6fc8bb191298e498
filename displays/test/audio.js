// @ts-nocheck: a stand-in of the tests
/** Has pages an audio that is silent until it is allowed: resumed tells how often that was asked for. */
export function audio() {
  let times = 0;
  let allow = () => {};
  globalThis.AudioContext = class {
    state = 'suspended';
    createGain = () => ({ gain: {}, connect() {} });
    resume() {
      times++;
      return new Promise((done) => {
        allow = () => {
          this.state = 'running';
          done();
        };
      });
    }
  };
  return { resumed: () => times, allow: () => allow() };
}
