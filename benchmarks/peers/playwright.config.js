const {MOMENTS, DELAY_US, PORTS} = process.env;

module.exports = {
  outputDir: `${MOMENTS}.results`,
  webServer: PORTS.split(' ').map((port) => ({
    command: `becomes_ready ${MOMENTS} ${DELAY_US} http ${port}`,
    url: `http://127.0.0.1:${port}/`,
  })),
};
