package dev.turnout.local.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a server that must know its port before it opens it, or opens it again later.
 *
 * <p>The port that a socket on port 0 is given will not do: it comes from the range of outgoing
 * connections, and as soon as the socket is closed, any connection of this machine may be given it.
 * So it is drawn from below that range (32768 and up on Linux, 49152 elsewhere) and below the node
 * ports of Kubernetes.
 */
public final class FreePort {
  private static final int LOWEST = 15_000;
  private static final int BEYOND = 30_000;
  private static final int TRIES = 200;

  /** Given to somebody who may not have opened it yet. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /**
   * A port of localhost that nothing listens on, and that this process has not been given before.
   *
   * @throws BrokerStartException if none is found
   */
  public static int find() {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
      if (!GIVEN.add(port)) {
        continue;
      }
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName("localhost"))) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new BrokerStartException(
        "no free port was found from "
            + LOWEST
            + " to "
            + (BEYOND - 1)
            + " on localhost: free some, or name one",
        last);
  }
}
