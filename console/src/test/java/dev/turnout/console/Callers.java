package dev.turnout.console;

import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.access.Rights;
import java.util.List;

/** Who asks, as a test wants it. */
public final class Callers {
  private Callers() {}

  /** A key's holder. */
  public static Caller of(String key, String tenant, Rights rights) {
    return new Caller(key, tenant, rights, List.of(), false);
  }
}
