// Made by "npm run docs" from the schema in ./spdx-schema.ts, by TypeBox's compiler.
// @ts-nocheck It is JavaScript; Node refuses what the compiler writes as TypeScript.
import type { SpdxDocument } from './spdx-schema.ts'

export const isSpdxDocument: (value: unknown) => value is SpdxDocument = (() => {
const local_0 = /^[^\u0000-\u001f\u007f]+$/;
const local_1 = /^https:\/\/[^\s#]+$/;
const local_2 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const local_3 = /^Tool: \S+$/;
const local_4 = /^[^\u0000-\u001f\u007f]+$/;
const local_5 = /^SPDXRef-[A-Za-z0-9.-]+$/;
const local_6 = /^[^\u0000-\u001f\u007f]+$/;
const local_7 = /^[^\u0000-\u001f\u007f]+$/;
const local_8 = /^[^\u0000-\u001f\u007f]+$/;
const local_9 = /^[^\u0000-\u001f\u007f]+$/;
const local_10 = /^[0-9a-f]{64}$/;
const local_11 = /^[^\u0000-\u001f\u007f]+$/;
const local_12 = /^pkg:[a-z]+\/[^\s]+$/;
const local_13 = /^LicenseRef-[A-Za-z0-9.-]+$/;
const local_14 = /^SPDXRef-[A-Za-z0-9.-]+$/;
const local_15 = /^SPDXRef-[A-Za-z0-9.-]+$/;
return function check(value) {
  return (
    (typeof value === 'object' && value !== null && !Array.isArray(value)) &&
    (value['spdxVersion'] === 'SPDX-2.3') &&
    (value['dataLicense'] === 'CC0-1.0') &&
    (value['SPDXID'] === 'SPDXRef-DOCUMENT') &&
    (typeof value['name'] === 'string') &&
    value['name'].length >= 1 &&
    local_0.test(value['name']) &&
    (typeof value['documentNamespace'] === 'string') &&
    local_1.test(value['documentNamespace']) &&
    (typeof value['creationInfo'] === 'object' && value['creationInfo'] !== null && !Array.isArray(value['creationInfo'])) &&
    (typeof value['creationInfo']['created'] === 'string') &&
    local_2.test(value['creationInfo']['created']) &&
    Array.isArray(value['creationInfo']['creators']) &&
    value['creationInfo']['creators'].length >= 1 &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && local_3.test(value)))) { return false }; return true; })(value['creationInfo']['creators']) &&
    (typeof value['creationInfo']['comment'] === 'string') &&
    value['creationInfo']['comment'].length >= 1 &&
    local_4.test(value['creationInfo']['comment']) &&
    Object.getOwnPropertyNames(value['creationInfo']).length === 3 &&
    Array.isArray(value['packages']) &&
    value['packages'].length >= 1 &&
    ((array) => { for(const value of array) if(!(((typeof value === 'object' && value !== null && !Array.isArray(value)) && (typeof value['SPDXID'] === 'string') && local_5.test(value['SPDXID']) && (typeof value['name'] === 'string') && value['name'].length >= 1 && local_6.test(value['name']) && (value['versionInfo'] !== undefined ? ((typeof value['versionInfo'] === 'string') && value['versionInfo'].length >= 1 && local_7.test(value['versionInfo'])) : true) && (value['sourceInfo'] !== undefined ? ((typeof value['sourceInfo'] === 'string') && value['sourceInfo'].length >= 1 && local_8.test(value['sourceInfo'])) : true) && (value['packageFileName'] !== undefined ? ((typeof value['packageFileName'] === 'string') && value['packageFileName'].length >= 1 && local_9.test(value['packageFileName'])) : true) && (value['primaryPackagePurpose'] !== undefined ? ((((value['primaryPackagePurpose'] === 'APPLICATION')) || ((value['primaryPackagePurpose'] === 'LIBRARY')) || ((value['primaryPackagePurpose'] === 'OPERATING-SYSTEM')))) : true) && (value['downloadLocation'] === 'NOASSERTION') && (value['filesAnalyzed'] === false) && (value['checksums'] !== undefined ? (Array.isArray(value['checksums']) && ((array) => { for(const value of array) if(!(((typeof value === 'object' && value !== null && !Array.isArray(value)) && (value['algorithm'] === 'SHA256') && (typeof value['checksumValue'] === 'string') && local_10.test(value['checksumValue']) && Object.getOwnPropertyNames(value).length === 2))) { return false }; return true; })(value['checksums'])) : true) && (value['licenseConcluded'] === 'NOASSERTION') && (typeof value['licenseDeclared'] === 'string') && value['licenseDeclared'].length >= 1 && local_11.test(value['licenseDeclared']) && (value['copyrightText'] === 'NOASSERTION') && (value['externalRefs'] !== undefined ? (Array.isArray(value['externalRefs']) && ((array) => { for(const value of array) if(!(((typeof value === 'object' && value !== null && !Array.isArray(value)) && (value['referenceCategory'] === 'PACKAGE-MANAGER') && (value['referenceType'] === 'purl') && (typeof value['referenceLocator'] === 'string') && local_12.test(value['referenceLocator']) && Object.getOwnPropertyNames(value).length === 3))) { return false }; return true; })(value['externalRefs'])) : true) && Object.getOwnPropertyNames(value).every(key => ['SPDXID', 'name', 'versionInfo', 'sourceInfo', 'packageFileName', 'primaryPackagePurpose', 'downloadLocation', 'filesAnalyzed', 'checksums', 'licenseConcluded', 'licenseDeclared', 'copyrightText', 'externalRefs'].includes(key))))) { return false }; return true; })(value['packages']) &&
    Array.isArray(value['hasExtractedLicensingInfos']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'object' && value !== null && !Array.isArray(value)) && (typeof value['licenseId'] === 'string') && local_13.test(value['licenseId']) && (typeof value['extractedText'] === 'string') && Object.getOwnPropertyNames(value).length === 2))) { return false }; return true; })(value['hasExtractedLicensingInfos']) &&
    Array.isArray(value['relationships']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'object' && value !== null && !Array.isArray(value)) && (typeof value['spdxElementId'] === 'string') && local_14.test(value['spdxElementId']) && (((value['relationshipType'] === 'DESCRIBES')) || ((value['relationshipType'] === 'CONTAINS'))) && (typeof value['relatedSpdxElement'] === 'string') && local_15.test(value['relatedSpdxElement']) && Object.getOwnPropertyNames(value).length === 3))) { return false }; return true; })(value['relationships']) &&
    Object.getOwnPropertyNames(value).length === 9
  )
}
})() as never
