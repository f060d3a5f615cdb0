package dev.turnout.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Lets containers reach a server that listens on this machine's loopback address alone. */
final class PortToHost implements AutoCloseable {
  private final ServerSocket entrance;
  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private PortToHost(ServerSocket entrance, int port) {
    this.entrance = entrance;
    this.port = port;
  }

  static PortToHost open(int port) throws IOException {
    ServerSocket entrance = new ServerSocket();
    entrance.bind(new InetSocketAddress("0.0.0.0", 0));
    PortToHost opened = new PortToHost(entrance, port);
    opened.threads.execute(opened::accept);
    return opened;
  }

  int port() {
    return entrance.getLocalPort();
  }

  private void accept() {
    try {
      while (!entrance.isClosed()) {
        Socket caller = entrance.accept();
        Socket server = new Socket(InetAddress.getByName("localhost"), port);
        threads.execute(() -> pass(caller, server));
        threads.execute(() -> pass(server, caller));
      }
    } catch (IOException e) {
      if (!entrance.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException closed) {
      // the other direction has closed both
    }
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    threads.shutdownNow();
  }
}
