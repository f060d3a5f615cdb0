package dev.turnout.gateway.access;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.ListenAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway knows who may use it.
 *
 * @param listens without keys it serves only what comes over a loopback address
 * @param tokens secrets with all rights for the default tenant
 * @param keysFile more keys; null for none
 * @param routerGroup group of the routers, whose lag is watched
 * @param maxBacklog most requests that may wait for an LLM
 */
public record AccessSettings(
    ConnectionSettings connection,
    ListenAddress listens,
    List<String> tokens,
    @Nullable Path keysFile,
    String routerGroup,
    int maxBacklog) {

  /** Freezes the tokens. */
  public AccessSettings {
    tokens = List.copyOf(tokens);
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "AccessSettings[" + listens + ", keysFile " + keysFile + "]";
  }
}
