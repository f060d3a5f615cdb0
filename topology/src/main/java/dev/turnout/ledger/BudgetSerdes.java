package dev.turnout.ledger;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.budget.BudgetSnapshot;
import dev.turnout.budget.Reservation;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** What the ledger's stores hold, in bytes of one length each and exact to the bit. */
final class BudgetSerdes {
  private static final byte FORMAT = 1;
  private static final int INSTANT = Long.BYTES + Integer.BYTES;
  private static final int RESERVATION = 1 + Double.BYTES + INSTANT + Long.BYTES;
  private static final int SNAPSHOT = 1 + 8 * Double.BYTES + 2 * INSTANT + Long.BYTES;

  private BudgetSerdes() {}

  static Serde<Reservation> reservation() {
    return Serdes.serdeFrom(
        (topic, value) -> write(value), (topic, bytes) -> readReservation(bytes));
  }

  static Serde<BudgetSnapshot> snapshot() {
    return Serdes.serdeFrom((topic, value) -> write(value), (topic, bytes) -> readSnapshot(bytes));
  }

  private static byte[] write(Reservation reservation) {
    ByteBuffer out = ByteBuffer.allocate(RESERVATION).put(FORMAT).putDouble(reservation.usd());
    return put(out, reservation.at()).putLong(reservation.number()).array();
  }

  private static Reservation readReservation(byte[] bytes) {
    ByteBuffer in = open(bytes);
    return new Reservation(in.getDouble(), instant(in), in.getLong());
  }

  private static byte[] write(BudgetSnapshot snapshot) {
    BudgetSettings settings = snapshot.settings();
    ByteBuffer out =
        ByteBuffer.allocate(SNAPSHOT)
            .put(FORMAT)
            .putDouble(settings.usdPerHour())
            .putDouble(settings.burstUsd())
            .putDouble(settings.stepSize())
            .putDouble(settings.maxPrice());
    put(out, snapshot.start());
    put(out, snapshot.latest());
    return out.putDouble(snapshot.bucketUsd())
        .putDouble(snapshot.reservedUsd())
        .putDouble(snapshot.spentUsd())
        .putDouble(snapshot.price())
        .putLong(snapshot.nextNumber())
        .array();
  }

  private static BudgetSnapshot readSnapshot(byte[] bytes) {
    ByteBuffer in = open(bytes);
    BudgetSettings settings =
        new BudgetSettings(in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble());
    return new BudgetSnapshot(
        settings,
        instant(in),
        instant(in),
        in.getDouble(),
        in.getDouble(),
        in.getDouble(),
        in.getDouble(),
        in.getLong());
  }

  private static ByteBuffer open(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte format = in.get();
    if (format != FORMAT) {
      throw new IllegalStateException(
          "a budget's entry has format " + format + ", but this program reads " + FORMAT);
    }
    return in;
  }

  private static ByteBuffer put(ByteBuffer out, Instant instant) {
    return out.putLong(instant.getEpochSecond()).putInt(instant.getNano());
  }

  private static Instant instant(ByteBuffer in) {
    return Instant.ofEpochSecond(in.getLong(), in.getInt());
  }
}
