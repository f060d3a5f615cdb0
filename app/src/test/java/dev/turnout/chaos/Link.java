package dev.turnout.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between one process and what it talks to: a TCP proxy that can be cut or made slow.
 *
 * <p>While it is cut nothing passes, and nobody is told: connections stay open, new ones are taken
 * and wait, as when packets vanish on the way. What was sent arrives once the link is whole again,
 * as TCP would send it again. So a client must find out by its own time-outs, which is what a
 * closed connection would spare it.
 */
final class Link implements AutoCloseable {
  private static final int CHUNK = 1 << 14;

  private final String name;
  private final List<ServerSocket> doors = new ArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private boolean cut;
  private boolean closed;
  private long delayMillis;

  Link(String name) {
    this.name = name;
  }

  /**
   * Opens a way to a port of this machine.
   *
   * @return the port that leads there through this link
   */
  int to(int port) {
    try {
      ServerSocket door = new ServerSocket(0, 100, InetAddress.getByName("localhost"));
      doors.add(door);
      daemon(name + "-accept", () -> accept(door, port));
      return door.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on nothing passes. */
  synchronized void cut() {
    cut = true;
  }

  /** From now on every piece of at most 16 KiB takes this much longer, in either direction. */
  synchronized void slow(Duration each) {
    delayMillis = each.toMillis();
  }

  /** Whole and fast again. */
  synchronized void heal() {
    cut = false;
    delayMillis = 0;
    notifyAll();
  }

  private void accept(ServerSocket door, int port) {
    while (true) {
      Socket client;
      try {
        client = door.accept();
      } catch (IOException done) {
        return; // the link is closed
      }
      open.add(client);
      daemon(name + "-connect", () -> connect(client, port));
    }
  }

  private void connect(Socket client, int port) {
    try {
      awaitPassage();
      Socket server = new Socket();
      open.add(server);
      server.connect(new InetSocketAddress(InetAddress.getByName("localhost"), port));
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      daemon(name + "-back", () -> pump(server, client));
      pump(client, server);
    } catch (IOException refused) {
      hangUp(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        awaitPassage();
        out.write(chunk, 0, n);
      }
    } catch (IOException gone) {
      // either end may go at any time; the other end is told below
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      hangUp(from);
      hangUp(to);
    }
  }

  private void awaitPassage() throws InterruptedException {
    long delay;
    synchronized (this) {
      while (cut && !closed) {
        wait();
      }
      delay = delayMillis;
    }
    if (delay > 0) {
      Thread.sleep(delay);
    }
  }

  private void hangUp(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(null, task, name, 1 << 17);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket door : doors) {
      door.close();
    }
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    open.forEach(this::hangUp);
  }
}
