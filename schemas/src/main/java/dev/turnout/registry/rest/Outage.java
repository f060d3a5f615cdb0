package dev.turnout.registry.rest;

import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells failures of what surrounds us from faults of a record: an outage is waited for, a faulty
 * record is dead-lettered. Network failures count wherever they hide, since other serdes wrap them.
 */
public final class Outage {
  private static final List<Class<? extends Exception>> OUTAGES =
      List.of(
          RegistryUnavailableException.class,
          RegistryRefusedException.class,
          SocketException.class,
          SocketTimeoutException.class,
          HttpTimeoutException.class,
          UnknownHostException.class);

  private static final int DEEPEST = 20;

  private Outage() {}

  /** Whether an outage lies behind a failure. */
  public static boolean isBehind(@Nullable Throwable failure) {
    return OUTAGES.stream().anyMatch(kind -> rootIs(failure, kind));
  }

  /** Whether the failure or one of its causes is of a kind. */
  public static boolean rootIs(@Nullable Throwable failure, Class<? extends Throwable> kind) {
    Throwable current = failure;
    for (int depth = 0; current != null && depth < DEEPEST; depth++) {
      if (kind.isInstance(current)) {
        return true;
      }
      current = current.getCause();
    }
    return false;
  }
}
