package dev.turnout.app.quickstart;

import dev.turnout.encoder.EncoderSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param data recorded outcomes to play; null for the sample and simulated LLMs
 * @param limit queries to route before ending; 0 plays all once, {@link Integer#MAX_VALUE} goes on
 *     until Ctrl-C
 * @param rate queries a second; infinite for as fast as they are routed
 * @param port wanted port of the broker; another is taken when it is in use
 * @param registryPort wanted port of the registry
 * @param warmUp sample queries graded beforehand to train the initial model on
 * @param learn whether a learner runs, so that grades change the routing
 * @param live whether to redraw a view in place rather than print lines
 */
public record QuickstartOptions(
    @Nullable Path data,
    int limit,
    double rate,
    int port,
    int registryPort,
    EncoderSettings encoder,
    String policy,
    int warmUp,
    boolean learn,
    long seed,
    boolean live) {}
