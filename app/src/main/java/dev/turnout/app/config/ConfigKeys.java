package dev.turnout.app.config;

import static dev.turnout.app.config.ValueKind.DURATION;
import static dev.turnout.app.config.ValueKind.FLAG;
import static dev.turnout.app.config.ValueKind.LIST;
import static dev.turnout.app.config.ValueKind.PORT;
import static dev.turnout.app.config.ValueKind.SECRET;
import static dev.turnout.app.config.ValueKind.SHARE;
import static dev.turnout.app.config.ValueKind.TEXT;
import static dev.turnout.app.config.ValueKind.choice;
import static dev.turnout.app.config.ValueKind.number;
import static dev.turnout.app.config.ValueKind.whole;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every key there is. A test pins names and defaults, since configurations outlive releases. */
public final class ConfigKeys {
  private ConfigKeys() {}

  private static final int UP = Integer.MAX_VALUE;
  private static final ValueKind AMOUNT = number(0, Double.MAX_VALUE);
  private static final ValueKind CONFIDENCE = number(0.501, 0.9999);
  private static final ValueKind STAGES =
      new ValueKind(
          "rising stages that end with 1, e.g. shadow, 0.1, 1", LearnerConfig::areStages, false);

  /** Sections whose further keys go unchanged to the Kafka clients or to the serialisers. */
  public static final Set<String> PASS_THROUGH_SECTIONS = Set.of("kafka", "registry");

  public static final List<ConfigKey> ALL =
      List.of(
          key("kafka.bootstrap.servers", TEXT, "localhost:9092", "Brokers, host:port with commas."),
          key(
              "registry.url",
              TEXT,
              "http://localhost:8081",
              "Schema registry, one URL or several with commas (Confluent's schema.registry.url)."),
          key("topics.prefix", TEXT, "turnout", "First word of every topic's name."),
          key(
              "topics.partitions",
              whole(1, 10_000),
              "6",
              "Partitions of the topics that carry traffic, when they are created."),
          key("topics.replication", whole(1, 32), "3", "Copies of each topic that is created."),
          key(
              "topics.create",
              FLAG,
              "false",
              "Create missing topics at start; otherwise a missing topic is an error."),
          key(
              "encoder.kind",
              choice("auto", "static", "transformer", "hybrid"),
              "auto",
              "auto takes the transformer on a GPU, else the static encoder; hybrid joins both."),
          key(
              "encoder.engine",
              choice("auto", "pytorch", "onnxruntime"),
              "auto",
              "What runs the transformer; auto is PyTorch on a GPU, ONNX Runtime on a CPU."),
          key(
              "encoder.device",
              choice("auto", "cpu", "gpu"),
              "auto",
              "Where the transformer runs."),
          key(
              "encoder.precision",
              choice("auto", "fp32", "bf16", "int8"),
              "auto",
              "Number format of the transformer's weights."),
          key(
              "encoder.max-tokens",
              whole(0, 8192),
              "0",
              "Longest text in tokens, at least 8; longer ones keep head and tail. 0 takes 512 for"
                  + " the static encoder and 128 for a transformer."),
          key(
              "encoder.token-budget",
              whole(0, UP),
              "0",
              "Most tokens in one forward pass; 0 takes what suits the device."),
          key(
              "encoder.threads",
              whole(0, 1024),
              "0",
              "Batches encoded side by side on a CPU, one thread each; 0 is one a core."),
          key(
              "encoder.model-url",
              TEXT,
              "",
              "Another DJL or TorchScript encoder, or the FILE.encoder of turnout train --fine-tune; empty"
                  + " is the built-in one."),
          key(
              "encoder.tokenizer-url",
              TEXT,
              "",
              "The tokenizer.json of that encoder; none for a FILE.encoder."),
          key(
              "router.application-id",
              TEXT,
              "",
              "Routers of the same id share the queries; also their transactional id; empty is the"
                  + " prefix of the topics with -router."),
          key("router.id", TEXT, "", "Name of this instance in its decisions; empty makes one up."),
          key(
              "router.guarantee",
              choice("exactly-once", "at-least-once"),
              "exactly-once",
              "What holds for decisions and requests when a router dies."),
          key(
              "router.group-protocol",
              choice("classic", "streams"),
              "classic",
              "How routers share out the partitions; streams is KIP-1071."),
          key("router.policy", TEXT, "argmax", "Selection policy of queries that name none."),
          key("router.cost-weight", AMOUNT, "0", "Predicted success a saved US cent is worth."),
          key("router.latency-weight", AMOUNT, "0", "Predicted success a saved second is worth."),
          key(
              "router.exploration-floor",
              SHARE,
              "",
              "Share of the choice spread evenly over all LLMs, whatever the policy; empty is 0.03"
                  + " for thompson and none for the others."),
          key(
              "router.tenant-exploration-floors",
              LIST,
              "",
              "Other floors for tenants, as tenant=share."),
          key(
              "router.thompson-temper",
              AMOUNT,
              "1",
              "Factor on the uncertainty that thompson explores by: below 1 explores less, 0 not at"
                  + " all beyond the floor."),
          key(
              "router.tenant-budgets",
              LIST,
              "",
              "What tenants may spend, in USD an hour, as tenant=usd."),
          key(
              "router.tenant-bursts",
              LIST,
              "",
              "What they may spend at once after a pause, as tenant=usd; else six minutes' worth."),
          key(
              "router.budget-window",
              DURATION,
              "2m",
              "Money reserved for a query without an outcome is released after this long."),
          key(
              "router.shadow-share",
              SHARE,
              "0",
              "Share of queries also sent to a further LLM, for grading only."),
          key(
              "router.fallback-llm",
              TEXT,
              "",
              "LLM that answers when nothing can be scored; empty is the model's best."),
          key("router.max-text-bytes", whole(1, UP), "1048576", "Longer texts are dead-lettered."),
          key("router.threads", whole(1, 256), "1", "Stream threads."),
          key(
              "router.poll-records",
              whole(0, 100_000),
              "0",
              "Most queries encoded together; 0 fits it to the encoder's speed."),
          key(
              "router.transaction-timeout",
              DURATION,
              "20s",
              "Longest open transaction; covers the encoding of one polled batch."),
          key(
              "router.start-deadline",
              DURATION,
              "30s",
              "How long the start waits for models and LLM profiles to be read."),
          key(
              "router.thread-replacements",
              whole(0, 1000),
              "5",
              "Failed stream threads replaced within ten minutes before the router gives up."),
          key("router.seed", whole(0, UP), "1", "Seed of every random choice."),
          key(
              "learner.application-id",
              TEXT,
              "",
              "Learners of the same id share the work; one trains, the others stand by; empty is the"
                  + " prefix of the topics with -learner."),
          key(
              "learner.window",
              DURATION,
              "24h",
              "How long a decision waits for grades, by the records' timestamps."),
          key(
              "learner.patience",
              DURATION,
              "10m",
              "How long a grade waits for its decision before it is dead-lettered, likewise."),
          key(
              "learner.capacity",
              whole(1, UP),
              "200000",
              "Most decisions, and most grades, held by one task; the oldest leave first."),
          key(
              "learner.grades-per-second",
              number(0.001, Double.MAX_VALUE),
              "1000",
              "Rate of one grader, for each partition of the feedback topic; what is above it is"
                  + " dead-lettered."),
          key(
              "learner.grade-burst",
              number(1, Double.MAX_VALUE),
              "10000",
              "Grades that one grader may give at once, likewise."),
          key(
              "learner.state-dir",
              TEXT,
              "",
              "Where state is kept; empty is the temporary directory."),
          key(
              "learner.cold-start",
              FLAG,
              "true",
              "Publish a model that knows nothing when there is none."),
          key("learner.cells", whole(0, 10_000), "12", "Cells of every model."),
          key(
              "learner.cells-after",
              whole(1, UP),
              "250",
              "Samples after which a cold model gets cells; renewed as samples double."),
          key(
              "learner.train-after-grades",
              whole(1, UP),
              "1000",
              "New samples after which a candidate is trained."),
          key("learner.train-after", DURATION, "1h", "Time after which one is trained anyway."),
          key(
              "learner.held-out",
              SHARE,
              "0.25",
              "Latest share of the samples, to judge candidates on."),
          key(
              "learner.warm-start",
              FLAG,
              "false",
              "Train candidates on from the serving model, its cells and its weights as the prior,"
                  + " instead of anew; discovers new LLMs more slowly."),
          key(
              "learner.propensity-clip",
              number(1, Double.MAX_VALUE),
              "2",
              "Most that a grade of an unlikely choice counts in training; 1 counts all alike."),
          key(
              "learner.training-limit",
              DURATION,
              "10m",
              "Longest time of one training; one that takes longer is given up."),
          key(
              "learner.samples",
              whole(100, UP),
              "20000",
              "Latest samples that are learnt from; about 2 kB of memory each."),
          key(
              "learner.publish-every",
              DURATION,
              "250ms",
              "Shortest pause between two updates of the routers' beliefs."),
          key(
              "learner.half-life",
              number(1, Double.MAX_VALUE),
              "30000",
              "Samples after which a grade counts half."),
          key(
              "learner.gate-margin",
              number(-1, 1),
              "-0.01",
              "A candidate must surely be better by more than this; -0.01 is: not worse by 0.01."),
          key(
              "learner.gate-confidence",
              CONFIDENCE,
              "0.95",
              "How sure the gate must be, one-sided."),
          key(
              "learner.gate-samples",
              whole(2, UP),
              "200",
              "Fewest held-out samples on which a candidate is judged."),
          key(
              "learner.gate-effective-samples",
              AMOUNT,
              "50",
              "Fewest of them in effect, as far as they say something about its choices."),
          key(
              "learner.stages",
              STAGES,
              "1",
              "What a candidate that passed the gate climbs: shadow (scored, never served), then"
                  + " shares of the queries; 1 promotes at once."),
          key("learner.stage-grades", whole(1, UP), "200", "Graded queries that each stage takes."),
          key(
              "learner.rollback",
              FLAG,
              "true",
              "Watch a promoted model and return to the one before if it earns less."),
          key(
              "learner.rollback-margin",
              number(0, 0.99),
              "0.02",
              "Drop of the mean reward that is put up with."),
          key(
              "learner.rollback-confidence",
              CONFIDENCE,
              "0.95",
              "How sure a roll-back must be of the drop, over all looks."),
          key(
              "learner.rollback-fewest",
              whole(2, UP),
              "50",
              "Graded queries of either model before one is taken back."),
          key(
              "learner.rollback-watch",
              whole(2, UP),
              "1000",
              "Graded queries after which a promoted model is no longer watched."),
          key("learner.seed", whole(0, UP), "1", "Seed of every random choice."),
          key("worker.llm", TEXT, "", "Id of the LLM whose requests this pool answers."),
          key("worker.url", TEXT, "", "OpenAI-compatible endpoint, e.g. http://localhost:8000/v1."),
          key(
              "worker.model",
              TEXT,
              "",
              "Model name to ask that endpoint for; empty is the LLM's id."),
          key(
              "worker.api-key",
              SECRET,
              "",
              "Bearer token; better as ${SOME_VARIABLE} than in the file."),
          key(
              "worker.delivery",
              choice("share-group", "consumer-group"),
              "share-group",
              "How workers share the requests; a share group may have more members than partitions."),
          key("worker.consumers", whole(1, 1000), "1", "Consumers in this process."),
          key("worker.concurrency", whole(1, 10_000), "8", "Requests in flight of each consumer."),
          key("worker.timeout", DURATION, "60s", "Longest wait for one answer."),
          key(
              "worker.attempts",
              whole(1, 100),
              "3",
              "Calls of the endpoint before the request fails."),
          key(
              "worker.max-deliveries",
              whole(1, 100),
              "5",
              "Deliveries after which a request has failed; the broker's own limit is 5."),
          key("worker.retry-delay", DURATION, "1s", "Pause before a failed request is given back."),
          key("worker.max-output-tokens", whole(1, UP), "1024", "Longest answer."),
          key("grader.id", TEXT, "judge", "Name under which grades are given."),
          key("grader.url", TEXT, "", "OpenAI-compatible endpoint of the judging LLM."),
          key("grader.model", TEXT, "", "Model name of the judging LLM."),
          key(
              "grader.api-key",
              SECRET,
              "",
              "Bearer token; better as ${SOME_VARIABLE} than in the file."),
          key(
              "grader.share",
              SHARE,
              "1",
              "Share of outcomes that are graded, by hash of the query id."),
          key("gateway.host", TEXT, "0.0.0.0", "Address the HTTP gateway listens on."),
          key(
              "gateway.port",
              PORT,
              "8080",
              "Port the HTTP gateway listens on; 0 takes a free one."),
          key("gateway.timeout", DURATION, "60s", "Longest wait for an answer before HTTP 504."),
          key("gateway.tokens", LIST, "", "Bearer tokens that may ask; empty lets everyone in."),
          key(
              "metrics.host",
              TEXT,
              "0.0.0.0",
              "Address of /metrics, /healthz, /readyz and /startupz."),
          key("metrics.port", PORT, "9464", "Port of these; 0 takes a free one."));

  public static Optional<ConfigKey> named(String name) {
    return ALL.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  private static ConfigKey key(String name, ValueKind kind, String defaultValue, String doc) {
    return new ConfigKey(name, kind, defaultValue, doc);
  }
}
