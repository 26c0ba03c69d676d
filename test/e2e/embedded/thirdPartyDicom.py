"""Reads DICOM files, given one path a line, with pydicom and dcmdump, and prints what each found, one line of JSON a file."""

import json
import logging
import re
import subprocess
import sys
import warnings

import pydicom
from pydicom.multival import MultiValue

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)

TAGS = {
    'DICOMPatientId': '00100020',
    'DICOMPatientName': '00100010',
    'DICOMPatientBirthDate': '00100030',
    'DICOMPatientSex': '00100040',
    'DICOMStudyInstanceUID': '0020000D',
    'DICOMStudyId': '00200010',
    'DICOMStudyDescription': '00081030',
    'DICOMNumberOfStudyRelatedSeries': '00201206',
    'DICOMNumberOfStudyRelatedInstances': '00201208',
    'DICOMAccessionNumber': '00080050',
    'DICOMSeriesInstanceUID': '0020000E',
    'DICOMSeriesModality': '00080060',
    'DICOMSeriesBodyPart': '00180015',
    'DICOMSeriesNumber': '00200011',
    'DICOMStudyDate': '00080020',
    'DICOMStudyTime': '00080030',
}
# A top-level element in dcmdump's output. Elements of items are indented; long values end in "..." without a bracket.
LINE = re.compile(r'^\((....),(....)\) (..) (?:\[(.*)\]|(\(no value available\))) +# +\d+,')


def text(value):
    if value is None:
        return ''
    if isinstance(value, (list, MultiValue)):
        return '\\'.join(text(one) for one in value)
    return str(value)


def by_pydicom(path):
    try:
        dataset = pydicom.dcmread(path, force=True)
        for _ in dataset.iterall():
            pass
    except Exception as error:
        return {'error': type(error).__name__}
    return {
        'tags': {name: text(dataset[int(tag, 16)].value) for name, tag in TAGS.items() if int(tag, 16) in dataset},
        'uids': [text(dataset.get(name)) for name in ('SOPInstanceUID', 'SeriesInstanceUID', 'StudyInstanceUID')],
        'elements': [f'{tag:08X}' for tag in dataset.keys()],
        'transferSyntaxUid': text(dataset.file_meta.get('TransferSyntaxUID')),
        'characterSet': text(dataset.get('SpecificCharacterSet')),
    }


def dump(path, *options):
    return subprocess.run(
        ['dcmdump', '-q', '-Un', *options, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def by_dcmdump(path):
    # dcmdump cannot convert every character set.
    unicode = dump(path, '+U8')
    if unicode.returncode != 0:
        return {'reads': dump(path).returncode == 0}
    names = {tag: name for name, tag in TAGS.items()}
    tags = {}
    for line in unicode.stdout.decode('utf8', 'replace').split('\n'):
        match = LINE.match(line)
        name = match and names.get((match[1] + match[2]).upper())
        if name and match[3] != 'UN':
            tags[name] = match[4] or ''
    return {'reads': True, 'tags': tags}


for line in sys.stdin.read().split('\n'):
    if line:
        print(json.dumps({'path': line, 'pydicom': by_pydicom(line), 'dcmdump': by_dcmdump(line)}))
