package dev.turnout.app.quickstart;

import dev.turnout.encoder.EncoderSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param data recorded outcomes to play; null for the sample and simulated LLMs
 * @param endpoints OpenAI-compatible base URLs of real LLMs by their id, in the place of simulated
 *     ones
 * @param limit queries to route before ending; 0 plays all once, {@link Integer#MAX_VALUE} goes on
 *     until Ctrl-C, {@link #SERVE_ONLY} sends none and goes on until Ctrl-C
 * @param rate queries a second; infinite for as fast as they are routed
 * @param port wanted port of the broker; another is taken when it is in use
 * @param registryPort wanted port of the registry
 * @param gatewayPort wanted port of the HTTP gateway
 * @param consolePort wanted port of the web console
 * @param warmUp sample queries graded beforehand to train the initial model on
 * @param learn whether a learner runs, so that grades change the routing
 * @param live whether to redraw a view in place rather than print lines
 */
public record QuickstartOptions(
    @Nullable Path data,
    Map<String, URI> endpoints,
    int limit,
    double rate,
    int port,
    int registryPort,
    int gatewayPort,
    int consolePort,
    EncoderSettings encoder,
    String policy,
    int warmUp,
    boolean learn,
    long seed,
    boolean live) {

  /** A limit: no queries of our own, but those that clients send. */
  public static final int SERVE_ONLY = -1;

  /** Freezes the endpoints, in their order. */
  public QuickstartOptions {
    endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints));
  }

  /** Whether only clients' queries are routed. */
  boolean servesOnly() {
    return limit == SERVE_ONLY;
  }
}
