// Listens on the API's port and answers nobody. Where the port is in use it waits until it is free.
import net from 'node:net';

const server = net.createServer();
const listen = () => server.listen(3030, '0.0.0.0');
server.on('error', (error) => {
  if (error.code !== 'EADDRINUSE') throw error;
  setTimeout(listen, 20);
});
listen();
