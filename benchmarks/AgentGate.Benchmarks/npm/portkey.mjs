// Starts Portkey's own server unchanged, but on loopback: its start script knows a port and no address.
// Ends when its standard input ends, so that it never outlives the benchmark.
import net from "node:net";

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...rest) {
  const port = Number(typeof first === "object" && first !== null ? first.port : first);
  const callback = rest.find((argument) => typeof argument === "function");
  return listen.call(this, { port, host: "127.0.0.1" }, callback);
};

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
process.stdin.on("close", () => process.exit(0));
await import("@portkey-ai/gateway/build/start-server.js");
