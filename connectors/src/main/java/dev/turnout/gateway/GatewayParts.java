package dev.turnout.gateway;

import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.gateway.models.GatewayLlms;
import dev.turnout.gateway.models.RegisteredLlms;
import dev.turnout.gateway.traffic.KafkaTraffic;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.StartedParts;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What stands behind the gateway's endpoints.
 *
 * @param loops how its loops are doing
 * @param closing ends all of it
 */
record GatewayParts(
    GatewayAccess access,
    QueryTraffic traffic,
    RegisteredLlms llms,
    Supplier<List<LoopState>> loops,
    Runnable closing) {

  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  /**
   * Everything by Kafka.
   *
   * @throws IllegalStateException if Kafka or a topic is not there
   */
  static GatewayParts onKafka(GatewaySettings settings, Clock clock, MeterRegistry metrics) {
    StartedParts started = new StartedParts();
    try {
      return onKafka(settings, clock, metrics, started);
    } catch (InterruptedException interrupted) {
      started.giveUp(interrupted);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("gateway: interrupted while starting", interrupted);
    } catch (RuntimeException | Error failed) {
      started.giveUp(failed);
      throw failed;
    }
  }

  private static GatewayParts onKafka(
      GatewaySettings settings, Clock clock, MeterRegistry metrics, StartedParts started)
      throws InterruptedException {
    KafkaTraffic traffic = started.add(KafkaTraffic.start(settings, clock, metrics));
    GatewayLlms llms =
        started.add(new GatewayLlms(settings.kafka(), settings.serde(), settings.topics().llms()));
    if (!llms.awaitStart(LONGEST_START)) {
      throw new IllegalStateException(
          "gateway: the topic "
              + settings.topics().llms()
              + " cannot be read; check that it is there and that the broker and the schema"
              + " registry answer");
    }
    GatewayAccess access =
        started.add(GatewayAccess.start(settings.access(), llms, metrics, clock));
    return new GatewayParts(
        access,
        traffic,
        llms,
        () ->
            Stream.of(traffic.loops(), access.loops(), List.of(llms.loop()))
                .flatMap(List::stream)
                .toList(),
        () -> {
          access.close();
          llms.close();
          traffic.close();
        });
  }
}
