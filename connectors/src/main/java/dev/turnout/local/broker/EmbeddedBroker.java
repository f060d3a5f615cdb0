package dev.turnout.local.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.util.FileLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single-node KRaft cluster (broker and controller in one) inside this process, with transactions
 * and share groups, tuned to be small rather than fast under many clients.
 *
 * <p>Kafka's server classes are internal to Kafka and change between releases; nothing but this
 * class names them.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final int NODE_ID = 1;
  private static final int ATTEMPTS = 2;
  private static final String HOST = "localhost";
  private static final String META_PROPERTIES = "meta.properties";

  private final KafkaRaftServer server;
  private final int port;
  private final Path dataDir;
  private final boolean temporary;
  private boolean closed;

  /**
   * How to run the broker.
   *
   * @param dataDir where the log is kept; an existing log is opened again; null keeps it in a
   *     temporary directory that is deleted on close
   * @param port port for clients; 0 takes a free one
   * @param overrides broker properties that replace the ones chosen here
   * @param host address on which it listens for clients; {@code 0.0.0.0} lets other machines in
   * @param advertised HOST:PORT where clients reach it; null is localhost and the port
   */
  public record Settings(
      @Nullable Path dataDir,
      int port,
      Map<String, String> overrides,
      String host,
      @Nullable String advertised) {

    /** Freezes the overrides and checks the port. */
    public Settings {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException(
            "broker port is " + port + "; choose 1 to 65535, or 0 for a free one");
      }
      if (advertised != null && !advertised.matches("[^:]+:\\d{1,5}")) {
        throw new IllegalArgumentException(
            "advertised address is \"" + advertised + "\"; write HOST:PORT, e.g. kafka:9092");
      }
      overrides = Map.copyOf(overrides);
    }

    /** On localhost alone. */
    public Settings(@Nullable Path dataDir, int port, Map<String, String> overrides) {
      this(dataDir, port, overrides, HOST, null);
    }

    /** Free port, temporary directory. */
    public static Settings temporary() {
      return new Settings(null, 0, Map.of());
    }
  }

  private EmbeddedBroker(KafkaRaftServer server, int port, Path dataDir, boolean temporary) {
    this.server = server;
    this.port = port;
    this.dataDir = dataDir;
    this.temporary = temporary;
  }

  /**
   * Starts a broker and returns when it takes requests, after some seconds.
   *
   * @throws BrokerStartException naming the port or directory that is in the way
   */
  public static EmbeddedBroker start(Settings settings) {
    if (settings.port() != 0) {
      requireFree(settings.port());
    }
    if (settings.dataDir() != null) {
      requireUnused(settings.dataDir());
    }
    @Nullable Exception last = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      boolean temporary = settings.dataDir() == null;
      Path dataDir =
          settings.dataDir() == null ? temporaryDirectory() : settings.dataDir().toAbsolutePath();
      int port = settings.port() == 0 ? FreePort.find() : settings.port();
      try {
        return start(settings, dataDir, port, temporary);
      } catch (Exception failed) {
        LOG.atWarn()
            .setMessage("embedded broker did not start")
            .addKeyValue("port", port)
            .addKeyValue("attempt", attempt)
            .setCause(failed)
            .log();
        last = failed;
        if (temporary) {
          delete(dataDir);
        }
      }
    }
    throw new BrokerStartException(
        "embedded broker did not start"
            + (settings.dataDir() == null
                ? ""
                : " in "
                    + settings.dataDir()
                    + " (if its files are damaged, delete that directory)")
            + ": "
            + last,
        last);
  }

  private static EmbeddedBroker start(Settings settings, Path dataDir, int port, boolean temporary)
      throws Exception {
    Files.createDirectories(dataDir);
    int controllerPort = FreePort.find();
    if (Files.exists(dataDir.resolve(META_PROPERTIES))) {
      forgetLastRun(dataDir, controllerPort);
    } else {
      format(dataDir);
    }
    KafkaRaftServer server =
        started(new KafkaConfig(properties(settings, dataDir, port, controllerPort)));
    return new EmbeddedBroker(server, port, dataDir, temporary);
  }

  /**
   * Takes the broker that ran on this log before out of the cluster's metadata, where it stands as
   * alive and as every partition's leader, whether it was closed or killed. A broker that starts
   * from such metadata believes it and takes up its open transactions, some seconds before the
   * controller finds its predecessor gone and each partition without a leader; and to a partition
   * without a leader Kafka 4.3 writes no end of a transaction, then or ever (KAFKA-20734). What was
   * committed last would stay hidden from readers of committed records, and all that comes after
   * it. So the controller runs alone first, and the broker starts as a new one.
   */
  private static void forgetLastRun(Path dataDir, int controllerPort) throws Exception {
    Properties properties = controller(dataDir, controllerPort);
    properties.putAll(
        Map.of(
            "process.roles",
            "controller",
            "listeners",
            "CONTROLLER://" + HOST + ":" + controllerPort));
    KafkaRaftServer controller = started(new KafkaConfig(properties));
    try (Admin admin = Admin.create(Map.of("bootstrap.controllers", HOST + ":" + controllerPort))) {
      admin.unregisterBroker(NODE_ID).all().get();
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof BrokerIdNotRegisteredException)) {
        throw failed;
      }
    } finally {
      controller.shutdown();
      controller.awaitShutdown();
    }
  }

  private static KafkaRaftServer started(KafkaConfig config) throws Exception {
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    try {
      server.startup();
    } catch (Exception failed) {
      server.shutdown();
      throw failed;
    }
    return server;
  }

  /** What a node needs to take part in the metadata, whatever its roles. */
  private static Properties controller(Path dataDir, int controllerPort) {
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "node.id",
            Integer.toString(NODE_ID),
            "controller.quorum.voters",
            NODE_ID + "@" + HOST + ":" + controllerPort,
            "controller.listener.names",
            "CONTROLLER",
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs",
            dataDir.toString()));
    return properties;
  }

  private static Properties properties(
      Settings settings, Path dataDir, int port, int controllerPort) {
    Properties properties = controller(dataDir, controllerPort);
    properties.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "listeners",
            "PLAINTEXT://"
                + settings.host()
                + ":"
                + port
                + ",CONTROLLER://"
                + HOST
                + ":"
                + controllerPort,
            "advertised.listeners",
            "PLAINTEXT://"
                + (settings.advertised() == null ? HOST + ":" + port : settings.advertised())));
    properties.putAll(SINGLE_NODE);
    properties.putAll(SMALL);
    properties.putAll(settings.overrides());
    return properties;
  }

  /** One node can keep only one replica, and needs no more than a few internal partitions. */
  private static final Map<String, String> SINGLE_NODE =
      Map.ofEntries(
          Map.entry("default.replication.factor", "1"),
          Map.entry("min.insync.replicas", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.num.partitions", "1"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // answers of an LLM can take minutes; a worker's lock must be allowed to last that long
          Map.entry("group.share.max.record.lock.duration.ms", "3600000"),
          // a worker is a member for each request in flight
          Map.entry("group.share.max.size", "1000"),
          Map.entry("group.coordinator.rebalance.protocols", "classic,consumer,streams,share"),
          // a member learns its first partitions with its second heartbeat, 5 s later by default
          Map.entry("group.share.min.heartbeat.interval.ms", "500"),
          Map.entry("group.share.heartbeat.interval.ms", "1000"),
          Map.entry("group.consumer.min.heartbeat.interval.ms", "500"),
          Map.entry("group.consumer.heartbeat.interval.ms", "1000"),
          Map.entry("group.streams.min.heartbeat.interval.ms", "500"),
          Map.entry("group.streams.heartbeat.interval.ms", "1000"),
          Map.entry("auto.create.topics.enable", "false"));

  /** What keeps the resident memory and the number of threads small. */
  private static final Map<String, String> SMALL =
      Map.ofEntries(
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          Map.entry("background.threads", "2"),
          Map.entry("num.recovery.threads.per.data.dir", "2"),
          Map.entry("offsets.topic.segment.bytes", "16777216"),
          Map.entry("transaction.state.log.segment.bytes", "16777216"),
          Map.entry("log.segment.bytes", "67108864"),
          // index files are mapped at this size for every active segment
          Map.entry("log.index.size.max.bytes", "1048576"),
          Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
          Map.entry("log.cleaner.io.buffer.size", "131072"),
          Map.entry("metadata.log.segment.bytes", "16777216"),
          Map.entry("metadata.max.retention.bytes", "33554432"),
          // the largest topic of the catalogue takes 8 MiB records
          Map.entry("message.max.bytes", "9437184"),
          Map.entry("log.retention.check.interval.ms", "60000"),
          Map.entry("controlled.shutdown.enable", "false"),
          Map.entry("unstable.api.versions.enable", "false"));

  private static void format(Path dataDir) throws Exception {
    Formatter formatter = new Formatter();
    formatter.setPrintStream(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    formatter.setNodeId(NODE_ID);
    formatter.setClusterId(Uuid.randomUuid().toString());
    formatter.setReleaseVersion(MetadataVersion.latestProduction());
    formatter.setControllerListenerName("CONTROLLER");
    formatter.setDirectories(List.of(dataDir.toString()));
    formatter.setMetadataLogDirectory(dataDir.toString());
    formatter.run();
  }

  /** Address for clients, e.g. {@code localhost:9092}. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** Port for clients. */
  public int port() {
    return port;
  }

  /** Where the log is kept. */
  public Path dataDir() {
    return dataDir;
  }

  /** Stops the broker and waits for it; a second call does nothing. Clients should go first. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    server.shutdown();
    server.awaitShutdown();
    if (temporary) {
      delete(dataDir);
    }
  }

  /** Kafka itself ends the whole process where it cannot have the lock. */
  private static void requireUnused(Path dataDir) {
    if (!Files.exists(dataDir.resolve(META_PROPERTIES))) {
      return;
    }
    try {
      FileLock lock = new FileLock(dataDir.resolve(".lock").toFile());
      try {
        if (!lock.tryLock()) {
          throw new BrokerStartException(
              dataDir + " is used by another broker: stop that one, or choose another directory",
              null);
        }
      } finally {
        lock.destroy();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void requireFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
    } catch (IOException taken) {
      throw new BrokerStartException(
          "port "
              + port
              + " is taken ("
              + taken.getMessage()
              + "): stop what listens there, or choose another port (0 takes a free one)",
          taken);
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory(
          Paths.get(System.getProperty("java.io.tmpdir", "")), "turnout-broker-");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException failed) {
      LOG.atWarn()
          .setMessage("temporary directory could not be deleted")
          .addKeyValue("directory", directory)
          .setCause(failed)
          .log();
    }
  }
}
