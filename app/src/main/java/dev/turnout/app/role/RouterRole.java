package dev.turnout.app.role;

import dev.turnout.app.config.EncoderKeys;
import dev.turnout.app.console.ProgramVersion;
import dev.turnout.config.SettingValues;
import dev.turnout.control.belief.PosteriorFollower;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.router.RouterStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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

  public static RouterRole start(SettingValues values, MeterRegistry metrics, Startup startup) {
    RouterSettings settings = RouterSettings.from(values, ProgramVersion.text());
    startup.awaitTopics(settings.connection(), settings.requiredTopics(), Startup.CREATE);
    QueryEncoder encoder = Encoders.open(EncoderKeys.from(values));
    PosteriorFollower posteriors =
        PosteriorFollower.start(
            settings.topics().posteriors(), settings.connection().clients(), metrics);
    try {
      return new RouterRole(
          encoder, posteriors, Router.start(settings, encoder, metrics, posteriors));
    } catch (RuntimeException e) {
      posteriors.close();
      encoder.close();
      throw e;
    }
  }

  @Override
  public Health health() {
    RouterStatus status = router.status();
    LoopHealth following = LoopHealth.of(List.of(posteriors.state()), Instant.now());
    List<String> problems = new ArrayList<>(status.problems());
    problems.addAll(following.problems());
    return new Health(
        status.started(),
        status.live() && following.live(),
        status.ready() && following.ready(),
        problems);
  }

  @Override
  public void close() {
    router.close();
    posteriors.close();
    encoder.close();
  }
}
