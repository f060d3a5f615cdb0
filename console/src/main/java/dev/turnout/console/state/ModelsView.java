package dev.turnout.console.state;

import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicListener;
import dev.turnout.control.TopicView;
import dev.turnout.control.model.ModelHistory;
import dev.turnout.schema.RouterModelRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Follows the models topic, for readers that never wait. */
final class ModelsView extends TopicView {
  /** Artefacts that are held, to know which versions can be put in charge. */
  private static final int KEPT = 16;

  private final Folding folding;

  private static final class Folding implements TopicListener<RouterModelRecord> {
    private final ModelHistory history = new ModelHistory(KEPT);
    private boolean changed;
    private volatile ModelsSeen seen = ModelsSeen.NONE;

    @Override
    public void read(RouterModelRecord event) {
      history.apply(event);
      changed = true;
    }

    @Override
    public void readTombstone(@Nullable String key) {
      if (key != null) {
        history.remove(key);
        changed = true;
      }
    }

    @Override
    public void settle(boolean caughtUp) {
      if (changed && caughtUp) {
        seen =
            new ModelsSeen(
                history.versions(), history.serving(), history.trial(), history.previous());
        changed = false;
      }
    }
  }

  private ModelsView(TopicFollower follower, Folding folding) {
    super(follower);
    this.folding = folding;
  }

  static ModelsView follow(String topic, Map<String, ?> config) {
    Folding folding = new Folding();
    return new ModelsView(
        TopicFollower.start(topic, config, RouterModelRecord.class, folding), folding);
  }

  ModelsSeen seen() {
    return folding.seen;
  }
}
