package dev.turnout.serde;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Formats that other serialisers write where Turnout reads the Confluent wire format, by how their
 * bytes begin, each with the setting of the producer that has to change. Whoever sees the refusal
 * has the producer before them and not its documentation.
 *
 * @see <a href="https://www.apicur.io/registry/docs/apicurio-registry/3.0.x/">Apicurio Registry,
 *     serialisers and their settings</a>
 * @see <a href="https://github.com/awslabs/aws-glue-schema-registry">AWS Glue Schema Registry,
 *     header version byte and compression byte before the schema version's UUID</a>
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Avro,
 *     single-object encoding</a>
 */
enum ForeignFormat {
  /** Byte 0 and an id of eight bytes; no registry gives an id 0, which its first half is. */
  APICURIO_EIGHT_BYTES {
    @Override
    boolean begins(byte[] bytes) {
      return bytes.length >= 9 && startsWith(bytes, 0, 0, 0, 0, 0);
    }

    @Override
    String found(byte[] bytes) {
      return "begins with byte 0x0 and an id of eight bytes, "
          + ByteBuffer.wrap(bytes, 1, 8).getLong()
          + ", as Apicurio's serialisers write it unless told otherwise (before version 3, or with"
          + " Legacy8ByteIdHandler); set apicurio.registry.as-confluent=true in the producer (in"
          + " version 3 apicurio.registry.id-handler="
          + "io.apicurio.registry.serde.Default4ByteIdHandler), and apicurio.registry.use-id to the"
          + " id that the registry's Confluent API gives out: contentId, or globalId where"
          + " apicurio.ccompat.legacy-id-mode.enabled is true";
    }
  },
  /** AWS Glue: version 3, compression none (0) or zlib (5), a UUID. */
  AWS_GLUE {
    @Override
    boolean begins(byte[] bytes) {
      return bytes.length >= 18 && (startsWith(bytes, 3, 0) || startsWith(bytes, 3, 5));
    }

    @Override
    String found(byte[] bytes) {
      return "begins as the AWS Glue Schema Registry's serialiser writes; set the producer's"
          + " value.serializer to io.confluent.kafka.serializers.KafkaAvroSerializer and"
          + " schema.registry.url to this installation's registry";
    }
  },
  /** Confluent's newer prefix: byte 1 and a GUID instead of an id. */
  CONFLUENT_GUID {
    @Override
    boolean begins(byte[] bytes) {
      return bytes.length >= 17 && startsWith(bytes, 1);
    }

    @Override
    String found(byte[] bytes) {
      return "begins with byte 0x1, Confluent's prefix with a schema's GUID; set"
          + " value.schema.id.serializer="
          + "io.confluent.kafka.serializers.schema.id.PrefixSchemaIdSerializer in the producer";
    }
  },
  /** Avro without any registry. */
  AVRO_SINGLE_OBJECT {
    @Override
    boolean begins(byte[] bytes) {
      return startsWith(bytes, 0xc3, 0x01);
    }

    @Override
    String found(byte[] bytes) {
      return "is in Avro's single-object encoding, which names no registry's schema; set the"
          + " producer's value.serializer to a Schema Registry serialiser";
    }
  },
  /** A whole Avro file. */
  AVRO_FILE {
    @Override
    boolean begins(byte[] bytes) {
      return startsWith(bytes, 'O', 'b', 'j', 1);
    }

    @Override
    String found(byte[] bytes) {
      return "is an Avro container file; send each of its records by itself, with a Schema Registry"
          + " serialiser";
    }
  },
  /** JSON text. */
  JSON {
    @Override
    boolean begins(byte[] bytes) {
      return startsWith(bytes, '{') || startsWith(bytes, '[') || startsWith(bytes, '"');
    }

    @Override
    String found(byte[] bytes) {
      return "looks like JSON; set the producer's value.serializer to a Schema Registry serialiser"
          + " for Avro, or post the JSON to the gateway";
    }
  };

  abstract boolean begins(byte[] bytes);

  /** What the record is, and what to change. */
  abstract String found(byte[] bytes);

  /** The format of a record that is not in ours; null for none that is known. */
  static @Nullable ForeignFormat of(byte[] bytes) {
    return Arrays.stream(values()).filter(format -> format.begins(bytes)).findFirst().orElse(null);
  }

  private static boolean startsWith(byte[] bytes, int... with) {
    if (bytes.length < with.length) {
      return false;
    }
    for (int i = 0; i < with.length; i++) {
      if ((bytes[i] & 0xff) != with[i]) {
        return false;
      }
    }
    return true;
  }
}
