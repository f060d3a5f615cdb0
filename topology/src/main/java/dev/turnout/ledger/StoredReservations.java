package dev.turnout.ledger;

import dev.turnout.budget.Reservation;
import dev.turnout.budget.ReservationStore;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The open reservations of one tenant among those of all in a state store. */
final class StoredReservations implements ReservationStore {
  private final String prefix;
  private final KeyValueStore<String, Reservation> store;

  StoredReservations(String tenant, KeyValueStore<String, Reservation> store) {
    this.prefix = measured(tenant);
    this.store = store;
  }

  /** The reservation of a query's request to one LLM. */
  static String id(String query, String llm) {
    return measured(query) + llm;
  }

  /**
   * Its length first, so that no text, whatever is in it, is taken for the beginning of another.
   */
  private static String measured(String text) {
    return text.length() + ":" + text;
  }

  @Override
  public Map<String, Reservation> open() {
    Map<String, Reservation> open = new HashMap<>();
    try (KeyValueIterator<String, Reservation> all =
        store.prefixScan(prefix, new StringSerializer())) {
      while (all.hasNext()) {
        KeyValue<String, Reservation> each = all.next();
        open.put(each.key.substring(prefix.length()), each.value);
      }
    }
    return open;
  }

  @Override
  public void put(String id, Reservation reservation) {
    store.put(prefix + id, reservation);
  }

  @Override
  public void remove(String id) {
    store.delete(prefix + id);
  }
}
