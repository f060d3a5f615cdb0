package dev.turnout.router.emit;

import dev.turnout.schema.RoutedRequest;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes the request; its address is the topic itself. */
public final class AddressedRequestSerializer implements Serializer<AddressedRequest> {
  private final Serializer<RoutedRequest> requests;

  public AddressedRequestSerializer(Serializer<RoutedRequest> requests) {
    this.requests = requests;
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable AddressedRequest addressed) {
    return addressed == null ? null : requests.serialize(topic, addressed.request());
  }

  @Override
  public void close() {
    requests.close();
  }
}
