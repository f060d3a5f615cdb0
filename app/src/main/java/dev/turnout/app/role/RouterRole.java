package dev.turnout.app.role;

import dev.turnout.app.config.RouterConfig;
import dev.turnout.app.config.TurnoutConfig;
import dev.turnout.app.console.ProgramVersion;
import dev.turnout.control.belief.PosteriorFollower;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.router.RouterStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/** A router with its encoder, and what the learner says since the model was trained. */
public final class RouterRole implements RunningRole {

  private final QueryEncoder encoder;
  private final PosteriorFollower posteriors;
  private final Router router;

  private RouterRole(QueryEncoder encoder, PosteriorFollower posteriors, Router router) {
    this.encoder = encoder;
    this.posteriors = posteriors;
    this.router = router;
  }

  public static RouterRole start(TurnoutConfig config, MeterRegistry metrics) {
    RouterSettings settings = settings(config);
    Topics.createIfWished(config);
    Map<String, Object> clients = new HashMap<>(config.registry().serdeSettings());
    clients.putAll(config.kafka().clientSettings());
    QueryEncoder encoder = Encoders.open(config.encoder().settings());
    PosteriorFollower posteriors =
        PosteriorFollower.start(config.topics().catalogue().posteriors(), clients);
    try {
      return new RouterRole(
          encoder, posteriors, Router.start(settings, encoder, metrics, posteriors));
    } catch (RuntimeException e) {
      posteriors.close();
      encoder.close();
      throw e;
    }
  }

  /**
   * The router's settings.
   *
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  public static RouterSettings settings(TurnoutConfig config) {
    RouterConfig router = config.router();
    RouterSettings.Builder settings =
        RouterSettings.builder(config.kafka().bootstrapServers())
            .applicationId(router.applicationId())
            .routerVersion(ProgramVersion.text())
            .topics(config.topics().catalogue())
            .replication(config.topics().replication())
            .guarantee(router.guarantee())
            .groupProtocol(router.groupProtocol())
            .threads(router.threads())
            .pollRecords(router.pollRecords())
            .transactionTimeout(router.transactionTimeout())
            .policy(router.policy())
            .costWeight(router.costWeight())
            .latencyWeight(router.latencyWeight())
            .explorationFloor(router.explorationFloor())
            .tenantExplorationFloors(router.tenantExplorationFloors())
            .budgets(router.budgets())
            .thompsonTemper(router.thompsonTemper())
            .shadowShare(router.shadowShare())
            .fallbackLlm(router.fallbackLlm().orElse(null))
            .maxTextBytes(router.maxTextBytes())
            .seed(router.seed())
            .startDeadline(router.startDeadline())
            .threadReplacements(router.threadReplacements())
            .serdes(config.registry().serdeSettings())
            .kafka(config.kafka().further());
    router.id().ifPresent(settings::routerId);
    return settings.build();
  }

  @Override
  public Health health() {
    RouterStatus status = router.status();
    return new Health(status.started(), status.live(), status.ready(), status.problems());
  }

  @Override
  public void close() {
    router.close();
    posteriors.close();
    encoder.close();
  }
}
