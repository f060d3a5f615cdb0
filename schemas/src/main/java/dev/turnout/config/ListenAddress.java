package dev.turnout.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where something of a role listens.
 *
 * @param key of the setting that says where, for messages
 * @param host name or address
 */
public record ListenAddress(String key, String host) {
  private static final Logger LOG = LoggerFactory.getLogger(ListenAddress.class);

  /** What listens nowhere but here unless told otherwise. */
  public static final String LOOPBACK = "localhost";

  /**
   * Whether other machines can reach it: they cannot on a loopback address. A name that does not
   * resolve counts as open; listening on it fails anyway.
   */
  public boolean isOpen() {
    try {
      return !InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true;
    }
  }

  /**
   * Says so, in one line, where other machines can reach it and nobody is asked who they are.
   *
   * @param what listens, e.g. {@code gateway}
   * @param remedy what to do about it
   */
  public void warnIfOpen(String what, String remedy) {
    if (isOpen()) {
      LOG.atWarn()
          .setMessage("listens for other machines and asks nobody who they are: " + remedy)
          .addKeyValue("what", what)
          .addKeyValue("setting", key)
          .addKeyValue("host", host)
          .log();
    }
  }
}
