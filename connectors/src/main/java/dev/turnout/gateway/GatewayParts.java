package dev.turnout.gateway;

import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.gateway.access.RequestAccess;
import dev.turnout.gateway.models.LlmDirectory;
import dev.turnout.gateway.models.RegisteredLlms;
import dev.turnout.gateway.traffic.KafkaTraffic;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.kafka.LoopState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.server.RequestLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands behind the gateway's endpoints.
 *
 * @param access who may do what
 * @param responded told when a response has ended
 * @param loops how its loops are doing
 * @param closing ends all of it
 */
record GatewayParts(
    QueryTraffic traffic,
    RegisteredLlms llms,
    RequestAccess access,
    RequestLog responded,
    Supplier<List<LoopState>> loops,
    Runnable closing) {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayParts.class);
  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  /**
   * Everything by Kafka.
   *
   * @throws IllegalStateException if Kafka or a topic is not there
   */
  static GatewayParts onKafka(GatewaySettings settings, Clock clock, MeterRegistry metrics) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      GatewayAccess access = GatewayAccess.start(settings.access(), metrics, clock);
      opened.push(access);
      KafkaTraffic traffic = KafkaTraffic.start(settings, clock, metrics);
      opened.push(traffic);
      LlmDirectory llms =
          new LlmDirectory(settings.kafka(), settings.serde(), settings.topics().llms());
      opened.push(llms);
      if (!llms.awaitStart(LONGEST_START)) {
        throw new IllegalStateException(
            "gateway: the topic "
                + settings.topics().llms()
                + " cannot be read; check that it is there and that the broker and the schema"
                + " registry answer");
      }
      return new GatewayParts(
          traffic,
          llms,
          access,
          access.releasing(),
          () ->
              Stream.concat(traffic.loops().stream(), Stream.of(llms.loop(), access.state()))
                  .toList(),
          () -> close(opened));
    } catch (InterruptedException interrupted) {
      close(opened);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("gateway: interrupted while starting", interrupted);
    } catch (RuntimeException failed) {
      close(opened);
      throw failed;
    }
  }

  /** The last opened first. */
  private static void close(Deque<AutoCloseable> opened) {
    for (AutoCloseable part : opened) {
      try {
        part.close();
      } catch (Exception failed) {
        LOG.atWarn().setMessage("a part of the gateway did not close").setCause(failed).log();
      }
    }
  }
}
