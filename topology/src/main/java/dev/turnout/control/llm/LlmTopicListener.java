package dev.turnout.control.llm;

import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicListener;
import dev.turnout.control.model.ServingState;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Priority;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the LLM profiles and keeps the {@link ServingState}'s directory current. A new LLM
 * becomes eligible once its request topic exists; a draining one gets nothing new; a retired one,
 * or one whose record is a tombstone, is unknown. A profile whose numbers cannot be is refused, and
 * the one before it holds.
 */
public final class LlmTopicListener implements TopicListener<LlmProfile> {
  private static final Logger LOG = LoggerFactory.getLogger(LlmTopicListener.class);
  private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

  private final RequestTopics requestTopics;
  private final ServingState live;
  private final Map<String, LlmProfile> profiles = new TreeMap<>();
  private final Set<String> topicsPresent = new HashSet<>();
  private final Map<String, String> obstacles = new HashMap<>();
  private final Map<String, String> withoutBatch = new HashMap<>();
  private LlmDirectory swapped = LlmDirectory.empty();
  private boolean changed;
  private long lastTry = System.nanoTime();

  LlmTopicListener(RequestTopics requestTopics, ServingState live) {
    this.requestTopics = requestTopics;
    this.live = live;
  }

  /**
   * Starts to follow.
   *
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param admin makes request topics; owned and closed by the caller
   * @param topics where the LLM profiles are, and how request topics are configured
   * @param replication replication factor of request topics; -1 takes the cluster's default
   * @param live where the directory goes
   */
  public static TopicFollower follow(
      Map<String, ?> config,
      Admin admin,
      TopicCatalogue topics,
      short replication,
      ServingState live) {
    return TopicFollower.start(
        topics.llms(),
        config,
        LlmProfile.class,
        new LlmTopicListener(RequestTopics.through(admin, topics, replication), live));
  }

  @Override
  public void read(LlmProfile profile) {
    if (profile.getStatus() == LlmStatus.RETIRED) {
      readTombstone(profile.getId());
    } else {
      requireAmount(profile, "inputUsdPerMillionTokens", profile.getInputUsdPerMillionTokens());
      requireAmount(profile, "outputUsdPerMillionTokens", profile.getOutputUsdPerMillionTokens());
      requireAmount(
          profile, "cachedInputUsdPerMillionTokens", profile.getCachedInputUsdPerMillionTokens());
      requireAmount(profile, "expectedOutputTokens", profile.getExpectedOutputTokens());
      requireAmount(profile, "expectedLatencyMs", profile.getExpectedLatencyMs());
      LOG.atInfo()
          .setMessage("LLM profile read")
          .addKeyValue("llm", LogText.of(profile.getId()))
          .addKeyValue("status", profile.getStatus())
          .log();
      profiles.put(profile.getId(), profile);
      changed = true;
    }
  }

  /** What cannot be would decide for or against the LLM whatever the query. */
  private static void requireAmount(LlmProfile profile, String field, @Nullable Double value) {
    if (value != null && !(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "the profile of LLM \""
              + profile.getId()
              + "\" has "
              + field
              + " "
              + value
              + "; it must be finite and at least 0, or null when it is not known");
    }
  }

  @Override
  public void readTombstone(@Nullable String id) {
    if (id == null) {
      throw new IllegalArgumentException("there is neither a key nor a profile");
    }
    LOG.atInfo().setMessage("LLM retired").addKeyValue("llm", LogText.of(id)).log();
    profiles.remove(id);
    changed = true;
  }

  @Override
  public void settle(boolean caughtUp) {
    boolean missing = !obstacles.isEmpty() || !withoutBatch.isEmpty();
    boolean retry = missing && System.nanoTime() - lastTry > RETRY_NANOS;
    if (!caughtUp || !(changed || retry)) {
      return;
    }
    lastTry = System.nanoTime();
    obstacles.clear();
    List<LlmProfile> served = served();
    served.forEach(this::ensureTopic);
    Map<String, String> owners = new HashMap<>();
    served.forEach(profile -> ensureTopicOfItsOwn(profile, owners));
    withoutBatch.keySet().retainAll(profiles.keySet());
    served.forEach(this::ensureBatchTopic);
    LlmDirectory directory =
        LlmDirectory.of(
            served.stream()
                .map(
                    profile ->
                        new RegisteredLlm(
                            profile,
                            obstacles.get(profile.getId()),
                            null,
                            !withoutBatch.containsKey(profile.getId())))
                .toList());
    // a topic that may never be created is tried for ever, and mostly in vain
    if (changed || !directory.equals(swapped)) {
      changed = true;
      live.replaceDirectory(directory);
      swapped = directory;
    }
    // last: a directory that could not be swapped in is tried again
    changed = false;
  }

  /** As many LLMs as a decision can rank, by id, so that all routers leave out the same ones. */
  private List<LlmProfile> served() {
    if (profiles.size() > FieldLimits.LLMS) {
      LOG.atError()
          .setMessage("more LLMs than a decision can rank; the last by id get nothing, retire some")
          .addKeyValue("llms", profiles.size())
          .addKeyValue("limit", FieldLimits.LLMS)
          .log();
    }
    return profiles.values().stream().limit(FieldLimits.LLMS).toList();
  }

  /** Workers of one LLM would answer another's requests; the first by id keeps the topic. */
  private void ensureTopicOfItsOwn(LlmProfile profile, Map<String, String> owners) {
    String owner = owners.putIfAbsent(profile.getTopic(), profile.getId());
    if (owner == null || profile.getTopic().isBlank()) {
      return;
    }
    String obstacle =
        "its request topic "
            + profile.getTopic()
            + " is that of "
            + owner
            + "; add it again under another id";
    if (changed) {
      obstruct(profile, obstacle, null);
    } else {
      // told already, and trying again changes nothing
      obstacles.put(profile.getId(), obstacle);
    }
  }

  private void ensureTopic(LlmProfile profile) {
    if (profile.getTopic().isBlank()) {
      obstacles.put(profile.getId(), "its profile names no request topic; publish it with one");
      return;
    }
    if (topicsPresent.contains(profile.getTopic())) {
      return;
    }
    try {
      String obstacle = requestTopics.ensure(profile.getId(), profile.getTopic());
      if (obstacle == null) {
        topicsPresent.add(profile.getTopic());
      } else {
        obstruct(profile, obstacle, null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      obstacles.put(profile.getId(), "the router is closing");
    } catch (RuntimeException e) {
      obstruct(profile, "its request topic could not be created: " + e, e);
    }
  }

  /** Without it the LLM takes batch requests with the others, so it is no obstacle. */
  private void ensureBatchTopic(LlmProfile profile) {
    String topic = TopicCatalogue.requestsOf(profile.getTopic(), Priority.BATCH);
    if (obstacles.containsKey(profile.getId()) || topicsPresent.contains(topic)) {
      withoutBatch.remove(profile.getId());
      return;
    }
    String problem;
    try {
      problem = requestTopics.ensure(profile.getId(), topic);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problem = "the router is closing";
    } catch (RuntimeException e) {
      problem = e.toString();
    }
    if (problem == null) {
      topicsPresent.add(topic);
      withoutBatch.remove(profile.getId());
    } else if (withoutBatch.put(profile.getId(), problem) == null) {
      LOG.atWarn()
          .setMessage("LLM has no topic for batch, its batch requests go with the others")
          .addKeyValue("llm", LogText.of(profile.getId()))
          .addKeyValue("topic", LogText.of(topic))
          .addKeyValue("problem", LogText.of(problem))
          .log();
    }
  }

  private void obstruct(LlmProfile profile, String obstacle, @Nullable RuntimeException cause) {
    obstacles.put(profile.getId(), obstacle);
    LOG.atWarn()
        .setMessage("LLM gets no requests")
        .addKeyValue("llm", LogText.of(profile.getId()))
        .addKeyValue("problem", LogText.of(obstacle))
        .setCause(cause)
        .log();
  }
}
