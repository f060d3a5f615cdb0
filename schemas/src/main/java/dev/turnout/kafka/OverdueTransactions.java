package dev.turnout.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions that dead or stopped members of an application left open, as soon as their
 * time is up.
 *
 * <p>A transaction that nobody ends holds up whoever takes the partitions over, who may not read
 * the offsets it was about to commit, and every reader of committed records behind it. Brokers
 * abort it after its {@code transaction.timeout.ms}, but look only every 10 s by default ({@code
 * transaction.abort.timed.out.transaction.cleanup.interval.ms}). So every member looks for itself
 * once a second, and fences what is overdue.
 *
 * <p>Why that is safe: nothing is ended that the broker would not end a little later, by the same
 * means, a new epoch of the producer. A member that was only held up and comes back is refused by
 * that epoch, gives its tasks up and joins again, as Kafka Streams does after a time-out of the
 * broker's. Several members may fence the same transaction; that makes another epoch and no more.
 *
 * <p>Sources: KIP-664 (listing transactions), KIP-447 (exactly-once by the group's members),
 * KIP-939 for what an epoch fences.
 */
public final class OverdueTransactions implements LoopBody {
  private static final Logger LOG = LoggerFactory.getLogger(OverdueTransactions.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Kafka Streams' transactional ids: application, process, thread. */
  private static final String PROCESS_AND_THREAD =
      "-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9]+";

  private final Admin admin;
  private final String application;
  private final Duration timeout;
  private final CountDownLatch closing = new CountDownLatch(1);

  private OverdueTransactions(Admin admin, String application, Duration timeout) {
    this.admin = admin;
    this.application = application;
    this.timeout = timeout;
  }

  /**
   * Starts to look.
   *
   * @param clients Kafka client settings
   * @param application id of the Kafka Streams application
   * @param producer settings of its producers, which say how long a transaction may be open
   */
  public static SupervisedLoop start(
      Map<String, ?> clients, String application, Map<String, ?> producer) {
    long millis =
        Long.parseLong(String.valueOf(producer.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG)));
    return SupervisedLoop.start(
        "turnout-overdue-transactions",
        new OverdueTransactions(Clients.admin(clients), application, Duration.ofMillis(millis)));
  }

  @Override
  public void turn() throws InterruptedException, ExecutionException, TimeoutException {
    if (closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      return;
    }
    List<String> overdue = overdue();
    if (!overdue.isEmpty()) {
      LOG.atWarn()
          .setMessage("transactions are overdue and are ended: their owners died or hang")
          .addKeyValue("application", application)
          .addKeyValue("transactions", overdue)
          .addKeyValue("timeout", timeout)
          .log();
      admin.fenceProducers(overdue).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private List<String> overdue() throws InterruptedException, ExecutionException, TimeoutException {
    Map<Integer, KafkaFuture<Collection<TransactionListing>>> brokers =
        admin
            .listTransactions(
                new ListTransactionsOptions()
                    .filterStates(List.of(TransactionState.ONGOING))
                    .filterOnDuration(timeout.toMillis())
                    .filterOnTransactionalIdPattern(escaped() + PROCESS_AND_THREAD)
                    .timeoutMs(Math.toIntExact(PATIENCE.toMillis())))
            .byBrokerId()
            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    List<String> overdue = new ArrayList<>();
    for (KafkaFuture<Collection<TransactionListing>> broker : brokers.values()) {
      try {
        broker
            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .forEach(each -> overdue.add(each.transactionalId()));
      } catch (ExecutionException | TimeoutException away) {
        // a broker that is away coordinates nothing; who takes over from it is asked next time
        LOG.atDebug().setMessage("broker does not list transactions").setCause(away).log();
      }
    }
    return overdue;
  }

  /**
   * For the brokers' RE2/J; application ids hold only letters, digits, dots, underscores, dashes.
   */
  private String escaped() {
    return application.replace(".", "\\.");
  }

  @Override
  public void wakeUp() {
    closing.countDown();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
