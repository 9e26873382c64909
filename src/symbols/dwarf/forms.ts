import { FORM } from './codes.ts';
import { DwarfError } from './dwarf-error.ts';
import type { SectionReader } from './section-reader.ts';

/** What the size of values depends on. */
export interface FormSizes {
  readonly version: number;
  /** Of offsets into sections: 4, in 64-bit DWARF 8. */
  readonly offsetSize: number;
  readonly addressSize: number;
}

/** A form's bytes, where every value of it has as many; -1 where the value says itself how long it is. */
export function formSize(form: number, { version, offsetSize, addressSize }: FormSizes): number {
  switch (form) {
    case FORM.flagPresent:
    case FORM.implicitConstant:
      return 0;
    case FORM.data1:
    case FORM.flag:
    case FORM.reference1:
    case FORM.textIndex1:
    case FORM.addressIndex1:
      return 1;
    case FORM.data2:
    case FORM.reference2:
    case FORM.textIndex2:
    case FORM.addressIndex2:
      return 2;
    case FORM.textIndex3:
    case FORM.addressIndex3:
      return 3;
    case FORM.data4:
    case FORM.reference4:
    case FORM.otherReference4:
    case FORM.textIndex4:
    case FORM.addressIndex4:
      return 4;
    case FORM.data8:
    case FORM.reference8:
    case FORM.otherReference8:
    case FORM.typeSignature:
      return 8;
    case FORM.data16:
      return 16;
    case FORM.address:
      return addressSize;
    case FORM.textOffset:
    case FORM.sectionOffset:
    case FORM.lineTextOffset:
    case FORM.otherTextOffset:
    case FORM.gnuOtherReference:
    case FORM.gnuOtherTextOffset:
      return offsetSize;
    case FORM.sectionReference:
      return version <= 2 ? addressSize : offsetSize;
    default:
      return -1;
  }
}

/**
 * A value as a number: an address, a constant, an offset or an index; of a text that stands in place, where it stands. Of
 * blocks nobody here asks for more than that they are gone over.
 * @param constant the value of an implicit constant
 * @throws {DwarfError} a form that no version of DWARF has
 */
export function readForm(reader: SectionReader, form: number, sizes: FormSizes, constant: number): number {
  const size = formSize(form, sizes);
  if (size === 0) return form === FORM.implicitConstant ? constant : 1;
  if (size === 3) return reader.u24();
  if (size === 16) {
    reader.skip(16);
    return 0;
  }
  if (size > 0) return reader.uint(size);
  switch (form) {
    case FORM.unsignedData:
    case FORM.referenceLeb:
    case FORM.textIndex:
    case FORM.addressIndex:
    case FORM.locationListIndex:
    case FORM.rangeListIndex:
    case FORM.gnuAddressIndex:
    case FORM.gnuTextIndex:
      return reader.uleb();
    case FORM.signedData:
      return reader.sleb();
    case FORM.text: {
      const { position } = reader;
      reader.skipText();
      return position;
    }
    case FORM.block1:
      reader.skip(reader.u8());
      return 0;
    case FORM.block2:
      reader.skip(reader.u16());
      return 0;
    case FORM.block4:
      reader.skip(reader.u32());
      return 0;
    case FORM.block:
    case FORM.expression:
      reader.skip(reader.uleb());
      return 0;
    default:
      throw new DwarfError(`a value of form 0x${form.toString(16)}, which no version of DWARF has`);
  }
}

/** The form that a value of {@link FORM.indirect} names in front of itself; others are what they are. */
export function directForm(reader: SectionReader, form: number): number {
  return form === FORM.indirect ? reader.uleb() : form;
}
